"""The exchange: intake in ten steps, receipts, deliveries to every destination."""
