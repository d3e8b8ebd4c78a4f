"""One module an area of pages. A view parses, asks or acts once, and renders."""
