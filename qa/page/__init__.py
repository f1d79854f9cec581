"""The chat page: pure functions that draw an answer, and a thin layer of Gradio and ASGI around them."""
