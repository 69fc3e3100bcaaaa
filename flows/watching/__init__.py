"""`opis watch`: drops at the stations are claimed, worked on and answered with receipts."""

from flows.watching.loop import watch
from flows.watching.telling import Teller, Watch, plain_teller, print_line

__all__ = ["Teller", "Watch", "plain_teller", "print_line", "watch"]
