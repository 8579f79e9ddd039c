"""Parameters of addresses that say where a reader came from, never which document it is.

A name belongs here only when no site is known to find a document by it; where one site alone uses a
name so, it stands with that site. `ref`, `id`, `p`, `page`, `t` and the like are left alone.
"""

PREFIXES = ("utm_", "at_campaign", "at_medium", "at_custom", "hsa_", "mtm_", "pk_", "piwik_")

PARAMETERS = frozenset(
    {
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "_openstat",
        "amp_gsa",
        "amp_js_v",
        "cmpid",
        "dclid",
        "fb_action_ids",
        "fb_action_types",
        "fb_source",
        "fbclid",
        "gad_source",
        "gbraid",
        "gclid",
        "gclsrc",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "hsctatracking",
        "igsh",
        "igshid",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "msclkid",
        "ocid",
        "oly_anon_id",
        "oly_enc_id",
        "s_cid",
        "srsltid",
        "ttclid",
        "twclid",
        "usqp",
        "vero_conv",
        "vero_id",
        "wbraid",
        "wickedid",
        "wt_mc",
        "xtor",
        "yclid",
    }
)

OF_SITES = {
    "nytimes.com": frozenset({"smid", "smtyp", "partner", "referringsource"}),
    "theguardian.com": frozenset({"cmp"}),
    "twitter.com": frozenset({"s", "t", "ref_src", "ref_url"}),
    "x.com": frozenset({"s", "t", "ref_src", "ref_url"}),
    "youtube.com": frozenset({"si", "feature", "pp", "ab_channel", "app"}),
    "youtu.be": frozenset({"si", "feature"}),
}
"""By the host without its `www.` or `m.`."""


def is_tracking(name: str, host: str) -> bool:
    """Say whether a parameter of this name only tracks readers, on this host."""
    name = name.lower()
    return (
        name in PARAMETERS or name.startswith(PREFIXES) or name in OF_SITES.get(host, frozenset())
    )
