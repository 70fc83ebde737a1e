// Special functions that the C library lacks, or has with a global state, one float64 at a time.

#ifndef GB_SPECIAL_FUNCTIONS_H
#define GB_SPECIAL_FUNCTIONS_H

/// The y with erf y = x; ±∞ at ±1 and NaN beyond.
double gb_inverse_erf(double x);
/// log |Γ(x)|; ∞ at 0, −1, −2, …
double gb_log_gamma(double x);
/// ψ(x) = d/dx log Γ(x); −∞ at +0, ∞ at −0, NaN at the negative whole numbers.
double gb_digamma(double x);
/// ψ⁽ᵖ⁾(x), the p-th derivative of ψ, p ≥ 0.
double gb_polygamma(int p, double x);

#endif
