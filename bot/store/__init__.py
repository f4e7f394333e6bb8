"""The book: tables, sealing, transactions; and the doorbell that says there is work."""
