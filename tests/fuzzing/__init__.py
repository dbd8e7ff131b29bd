"""Programs made by chance, and what must hold for each of them."""
