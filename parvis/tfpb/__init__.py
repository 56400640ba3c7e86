"""The abatement of the property tax: law, stock, programmes, spending, bilans."""
