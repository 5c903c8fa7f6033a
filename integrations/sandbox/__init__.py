"""The providers on one machine: a web application that behaves as they do, with faults on demand.

It stands for the other side of the wire, so it shares no code with our clients: what both would get wrong
together, no test could find. `application.py` is the way in.
"""
