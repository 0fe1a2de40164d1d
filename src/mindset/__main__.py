"""``python -m mindset``: the same as the command ``mindset``."""

from mindset.cli import main

if __name__ == "__main__":
    main()
