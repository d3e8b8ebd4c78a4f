"""What everybody may know about a licence (Law 15/2023/QH15 Art. 60): search, check, QR, sealed certificate."""
