"""The formulas behind the functions of :mod:`emergence`, in LaTeX, under the function's qualified name.

Numbers in them are read from the code's own constants, so that a formula cannot say what the code does not do.
"""

from __future__ import annotations

from emergence import answers, laws, series, shapes

_GAIN = f"{answers.GAIN:g}"


def _power(law: laws.PowerLaw, symbol: str, unit: str) -> str:
    mantissa, _e, exponent = f"{law.scale:.1e}".partition("e")
    scale = rf"{mantissa} \times 10^{{{int(exponent)}}}"
    return rf"L({symbol}) = \left(\frac{{{scale}}}{{{symbol}}}\right)^{{{law.exponent:g}}} \rule{{0pt}}{{2.2em}} \quad \text{{({unit})}}"


def _parametric(law: laws.ParametricLaw) -> str:
    return (
        rf"\text{{{law.title}: }} E = {law.irreducible:.4g},\; A = {law.a_coefficient:.5g},\; "
        rf"B = {law.b_coefficient:.5g},\; a = {law.a_exponent:.4g},\; b = {law.b_exponent:.4g}"
    )


_MODEL = (
    r"p(x) = g + (c - g)\, S\!\left(\frac{x - m}{s}\right), \qquad S(z) = \frac{1}{1 + e^{-z}}, \qquad x = \log_{10} \text{scale}",
    r"k_i \sim \operatorname{BetaBinomial}\!\left(n_i,\; p(x_i)\,\nu,\; (1 - p(x_i))\,\nu\right), \qquad \nu = \eta^{-2} - 1",
    rf"\text{{crossing }} x^*: \; p(x^*) = g + {_GAIN}\,(1 - g)",
    rf"\text{{absent when small: }} P(x^* > x_{{\min}}) \geq {answers.ABSENT_CUTOFF:g}",
    rf"\text{{present when large: }} P(x^* < x_{{\max}}) \geq {answers.PRESENT_CUTOFF:g}",
    rf"\text{{sudden: }} P(2 \ln 9 \cdot s < {series.SUDDEN_DECADES:g}) \geq {answers.SUDDEN_CUTOFF:g}",
    rf"\text{{predicted: }} P(\text{{score as far out}} \mid \text{{smaller models}}) > {answers.PREDICTED_CUTOFF:g}",
)

FORMULAS: dict[str, tuple[str, ...]] = {
    "emergence.assess.assess": _MODEL,
    "emergence.shapes.implied_exponent": (
        rf"\alpha = \frac{{\log_{{10}}(\ln 0.1 / \ln 0.9)}}{{w}} = \frac{{{shapes.MIRAGE:.4f}}}{{w}}",
    ),
    "emergence.heuristics.Heuristic": (
        r"I = \operatorname{sign}(\arg\max y - \arg\min y)\,(\max y - \min y), \qquad "
        r"\text{breakthroughness} = \frac{I}{\sqrt{\operatorname{median}_i (y_i - y_{i-1})^2}}, \qquad "
        r"\text{linearity} = \frac{I}{\sqrt{\operatorname{mean}_i (y_i - y_{i-1})^2}}",
    ),
    "emergence.laws.PowerLaw": (
        _power(laws.KAPLAN_PARAMETERS, "N", "non-embedding parameters"),
        _power(laws.KAPLAN_TOKENS, "D", "tokens"),
        _power(laws.KAPLAN_COMPUTE, r"C_{\min}", "PF-days"),
    ),
    "emergence.laws.ParametricLaw": (
        r"L(N, D) = E + \left(\frac{A}{N^{a}} + \frac{B}{D^{b}}\right)^{\gamma}, \qquad \gamma = 1 \text{ except for Kaplan et al.}",
        *(_parametric(law) for law in laws.LAWS.values() if law.power == 1),
        r"N_{\mathrm{opt}} = G \left(\frac{C}{6}\right)^{b/(a+b)}, \qquad D_{\mathrm{opt}} = \frac{C}{6\,N_{\mathrm{opt}}}, \qquad "
        r"G = \left(\frac{a A}{b B}\right)^{1/(a+b)}",
    ),
    "emergence.laws.training_flops": (rf"C = {laws.FLOPS_PER_PARAMETER_TOKEN:g}\, N D",),
    "emergence.quanta.Quanta": (
        r"p_k = \frac{k^{-(\alpha + 1)}}{\zeta(\alpha + 1)}, \qquad L_n = a + (b - a) \sum_{k > n} p_k",
        r"L_n - a \;\to\; \frac{b - a}{\alpha\, \zeta(\alpha + 1)}\, n^{-\alpha}, \qquad \alpha_N = \alpha, \qquad \alpha_D = \frac{\alpha}{\alpha + 1}",
    ),
    "emergence.quanta.data_exponent": (r"\alpha_D = \frac{\alpha_N}{1 + \alpha_N}",),
    "emergence.mechanisms.token_accuracy": (r"p(N) = \exp\!\left(-(N / c)^{-\alpha}\right)",),
    "emergence.mechanisms.all_steps": (r"P = p^{L}",),
    "emergence.mechanisms.exact_match": (r"P(N) = \exp\!\left(-L\,(N / c)^{-\alpha}\right)",),
    "emergence.mechanisms.threshold_scale": (r"N_q = c \left(\frac{L}{-\ln q}\right)^{1/\alpha}",),
    "emergence.mechanisms.rise_width": (r"w = \frac{1}{\alpha} \log_{10} \frac{\ln q_{\mathrm{low}}}{\ln q_{\mathrm{high}}}",),
    "emergence.mechanisms.metrics_of": (
        r"\text{exact match } p^{L}, \qquad \text{edit distance } L\,(1 - p), \qquad \text{loss } -\ln p, \qquad "
        r"\text{Brier } (1 - p)^2\, \frac{m}{m - 1}",
    ),
    "emergence.mechanisms.choice_grade": (
        r"\frac{1}{1 + (m - 1)\, o^{-1/\sigma}}, \qquad o = \frac{p\,(m - 1)}{1 - p}",
    ),
    "emergence.mechanisms.detectable_accuracy": (
        r"P(X \geq k \mid p) = I_p(k,\, n - k + 1)",
    ),
    "emergence.mechanisms.look_elsewhere": (
        r"\text{largest: } F^{K-1}(1 - F), \qquad \text{any: } F\,(1 - F^{K-1}), \qquad F = P(X \leq n \cdot \text{cut})",
    ),
}  # fmt: skip
