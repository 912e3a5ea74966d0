"""What each line of a text is: headline, byline, body, quotation of a post, or furniture of the page."""
