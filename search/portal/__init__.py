"""What the city's portal and staff need around search: changes, requests, searches kept, feeds."""
