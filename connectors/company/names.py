"""Names for the made-up company: its units, its sites, and people made of syllables, none of them real."""

from __future__ import annotations

import numpy as np
import polars as pl

COMPANY = "Larkfield"
COUNTRY = "DE"
SITES = ("Harbour", "Hill", "River", "Lake", "Forest", "Valley", "Coast", "Island", "Meadow", "Bridge")
SKILLS = (
    "python", "sql", "data-modelling", "statistics", "facilitation", "negotiation", "contract-law", "budgeting",
    "incident-response", "network-design", "cloud", "security", "user-research", "visual-design", "writing",
    "coaching", "forecasting", "logistics-planning", "quality-assurance", "machine-learning", "accessibility",
    "procurement", "public-speaking", "project-planning", "german", "spanish", "spreadsheets", "testing",
)  # fmt: skip
NEW_SKILLS = (
    "prompt-writing", "carbon-accounting", "passkeys", "model-auditing", "remote-facilitation", "vector-search",
    "supply-transparency", "assistive-technology",
)  # fmt: skip
PRIORITIES = ("faster-delivery", "customer-trust", "data-literacy", "safer-operations", "new-markets")

DIVISIONS = {
    "eng": "Engineering",
    "ops": "Operations",
    "sales": "Commerce",
    "care": "Customer Care",
    "prod": "Product",
    "fin": "Finance and People",
}
# id of the division, id of the department, its name, what its teams are about; two of each division come first.
DEPARTMENTS = (
    ("eng", "platform", "Platform", "API Runtime Storage Identity Build Tracing Edge Tooling"),
    ("eng", "apps", "Applications", "Web Mobile Desktop Checkout Search Accounts Messaging Reports"),
    ("ops", "logistics", "Logistics", "Inbound Outbound Routing Customs Fleet Returns Docks Packing"),
    ("ops", "network", "Network", "Backbone Access Radio Capacity Monitoring Fibre Voice Field"),
    ("sales", "retail", "Retail Sales", "North South East West Online Kiosk Outlet Partner"),
    ("sales", "business", "Business Sales", "Enterprise Midmarket Public Renewal Bids Startups Export Inside"),
    ("care", "support", "Support", "Billing Onboarding Technical Premium Chatline Evenings Claims Self-service"),
    ("care", "success", "Customer Success", "Adoption Health Training Renewals Advisory Launch Community Scale"),
    ("prod", "design", "Design", "Research Interaction Visual Content Motion Systems Service Access"),
    ("prod", "management", "Product Management", "Core Growth Pricing Insights Payments Labs Platforms Trust"),
    ("fin", "procurement", "Procurement", "Sourcing Contracts Indirect Materials Vendors Travel Energy Services"),
    ("fin", "accounting", "Accounting", "Ledger Payables Receivables Tax Reporting Treasury Payroll Audit"),
    ("eng", "data", "Data", "Pipelines Warehouse Science Quality Streams Metrics Catalogue Sharing"),
    ("ops", "facilities", "Facilities", "Space Safety Catering Repair Moves Energy Reception Green"),
    ("sales", "marketing", "Marketing", "Brand Events Campaigns Press Social Content Loyalty Studio"),
    ("care", "repair", "Repair", "Bench Onsite Parts Warranty Diagnostics Refurbish Exchange Depot"),
    ("prod", "analytics", "Product Analytics", "Experiments Funnels Surveys Forecast Behaviour Pricing Voice Value"),
    ("fin", "people", "People", "Hiring Learning Rewards Partners Wellbeing Mobility Data Relations"),
    ("eng", "security", "Security", "Detection Response Assurance Secrets Privacy Testing Fraud Devices"),
    ("ops", "supply", "Supply", "Planning Stock Demand Suppliers Quality Packaging Forecast Import"),
    ("sales", "channels", "Channels", "Resellers Alliances Franchise Marketplace Brokers Agents Referral Trade"),
    ("care", "quality", "Care Quality", "Voice Coaching Knowledge Complaints Scheduling Tools Surveys Standards"),
    ("eng", "reliability", "Reliability", "Oncall Capacity Chaos Release Recovery Performance Databases Caching"),
    ("ops", "plants", "Plants", "Assembly Paint Moulding Test Maintenance Shifts Tooling Automation"),
    ("eng", "hardware", "Hardware", "Boards Firmware Sensors Power Radio Prototypes Thermal Lab"),
)

_FIRST = ("mi", "ta", "lo", "ri", "sa", "ne", "jo", "ka", "fe", "du", "ve", "li", "no", "pa", "zu", "he", "ama", "ele")
_FIRST_END = ("ra", "lin", "mo", "vi", "dan", "sha", "rek", "na", "tis", "lea", "bo", "nik", "wen", "ya", "lo", "mi")
_LAST = ("tol", "bren", "var", "hask", "mor", "lind", "quel", "stav", "ond", "fern", "gral", "yar", "pell", "drus")
_LAST_MIDDLE = ("a", "e", "o", "i", "ari", "eno", "u", "ola", "ime", "adu", "oke", "usi")
_LAST_END = ("van", "ster", "dahl", "mek", "rin", "low", "ghan", "tova", "burn", "sky", "ley", "nor", "mann", "quist")


def _product(*parts: tuple[str, ...]) -> list[str]:
    words = [""]
    for part in parts:
        words = [word + syllable for word in words for syllable in part]
    return list(dict.fromkeys(words))


def mails(rng: np.random.Generator, count: int) -> pl.Series:
    """So many different made-up addresses."""
    first, last = _product(_FIRST, _FIRST_END), _product(_LAST, _LAST_MIDDLE, _LAST_END)
    drawn = rng.choice(len(first) * len(last), count, replace=False)
    names = pl.DataFrame({"first": pl.Series(first).gather(drawn % len(first)),
                          "last": pl.Series(last).gather(drawn // len(first))})  # fmt: skip
    return names.select(pl.format("{}.{}@example.org", "first", "last").alias("mail")).to_series()
