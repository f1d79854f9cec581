"""What an answer's words come to: quantities with their units, periods, names, so that wordings can be compared.

Own rules, after trying what there is (2026-11): quantulum3 0.10 reads "$5m" as dollar-metres and "100-billion-yuan" as
500,000,050, and takes six seconds and scikit-learn to begin; price-parser 0.5 reads one price and leaves out "million".
"""
