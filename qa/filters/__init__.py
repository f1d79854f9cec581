"""Which articles a question is put to: by date, by source, by publisher."""
