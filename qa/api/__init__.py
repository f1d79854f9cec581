"""The same answers for programs: REST with OpenAPI, and one MCP tool. Documented in docs/api.md."""
