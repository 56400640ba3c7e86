"""Spreadsheets in and out, through a description in data of each model of table."""
