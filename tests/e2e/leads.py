"""Leads, made by number, so that a test can say what the CRM must hold."""

FIRST = ["Ada", "Grace", "Edsger", "Barbara", "Alan", "Katherine", "Donald", "Radia", "Tim", "Margaret"]
LAST = ["Lovelace", "Hopper", "Dijkstra", "Liskov", "Turing", "Johnson", "Knuth", "Perlman", "Lee", "Hamilton"]


def email(number):
    return f"lead{number}@firm{number // 3}.example"


def lead(number, **more):
    """Three leads to a company; the note names its lead."""
    return {"email": email(number), "first_name": FIRST[number % 10], "last_name": f"{LAST[number // 10 % 10]} {number}",
            "company": f"Firm {number // 3}", "job_title": "Engineer", "badge": f"B{number}",
            "notes": f"Note of lead {number}", "captured_at": "2026-11-24T10:00:00Z", **more}


def many(count, first=0):
    return [lead(number) for number in range(first, first + count)]


def expect_each_once(test, crm, numbers, notes=True):
    """The CRM has each of these leads once, with its company and its note, and nothing else."""
    numbers = list(numbers)
    contacts = crm.objects("contacts")
    emails = sorted(contact["properties"].get("email", "").lower() for contact in contacts)
    wanted = sorted(email(number) for number in numbers)
    missing = sorted(set(wanted) - set(emails))
    test.assertEqual(missing[:10], [], f"{len(missing)} leads are not in the CRM")
    test.assertEqual(len(emails), len(wanted), f"contacts that are there twice, or should not be: {_surplus(emails, wanted)[:10]}")
    duplicates = crm.admin("GET", "duplicates")
    test.assertEqual(duplicates["count"], 0, str(duplicates)[:1500])
    domains = sorted(company["properties"].get("domain") or "" for company in crm.objects("companies"))
    test.assertEqual(domains, sorted({f"firm{number // 3}.example" for number in numbers}))
    if notes:
        bodies = sorted(note["properties"].get("hs_note_body", "") for note in crm.objects("notes"))
        test.assertEqual(len(bodies), len(numbers), "notes")
        for number in numbers[:3] + numbers[-3:]:
            test.assertTrue(any(f"Note of lead {number}" in body for body in bodies), f"the note of lead {number}")
    unassociated = [contact["id"] for contact in contacts if not contact["associations"].get("companies")]
    test.assertEqual(unassociated[:10], [], f"{len(unassociated)} contacts without their company")


def _surplus(have, want):
    rest = list(have)
    for one in want:
        if one in rest:
            rest.remove(one)
    return rest
