"""How many examples does a property see? The same ones in every run, few enough for all of them to be quick.

So what is red stays red until it is mended; the failure prints the example and a line that repeats it.
"""

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None, max_examples=80, print_blob=True)
settings.load_profile("house")
