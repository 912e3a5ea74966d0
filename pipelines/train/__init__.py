"""The language model's recipe: corpora in, ``seeds/model`` out. ``python -m pipelines.train --help``.

Needs the ``train`` extra (torch and the pretrained encoder); nothing at run time imports this package.
"""
