"""Where does somebody pay who was sent a link? A small page: the amount, a field for a phone, a QR of itself."""

from channels.pay_page.page import PayDesk, routes

__all__ = ["PayDesk", "routes"]
