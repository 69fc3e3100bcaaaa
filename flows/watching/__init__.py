"""`opis watch`: drops at the stations are claimed, worked on and answered with receipts."""
