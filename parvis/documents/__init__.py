"""Files in (photos cleaned) and files out (spreadsheets); it knows no domain."""
