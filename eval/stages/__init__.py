"""The three things a run can measure, each giving one row a question: retrieval, reader, end-to-end."""
