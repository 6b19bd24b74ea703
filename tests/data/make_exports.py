#!/usr/bin/env python3
"""Writes the badge-scan exports of this folder. The same files come out each time; what is in them is in README.md."""
import csv
import io
import pathlib
import random

HERE = pathlib.Path(__file__).parent
rng = random.Random(20261125)

FIRST = {"us": "Ava Liam Noah Emma Mia Lucas Ethan Zoe Owen Ruby Caleb Nina Miles Tara Joel Faye Dean Iris Hugo Wren".split(),
         "de": "Jürgen Käthe Björn Änne Lukas Mareike Sören Ute Götz Friederike Jörg Heike Torben Silke Rüdiger Bärbel Malte Anke Günther Wiebke".split(),
         "fr": "Zoé Hélène François Chloé René Maël Anaïs Gaël Noémie Benoît Édith Jérôme Inès Loïc Céline Rémi Aurélie Joël Agnès Théo".split()}
LAST = {"us": "Parker Reyes Morgan Brooks Nguyen Foster Hayes Coleman Bryant Ortiz Walsh Greer Lowe Banks Sutton Pratt Dalton Mercer Vance Holt".split(),
        "de": "Müller Schäfer Größmann Köhler Weiß Jäger Böhm Krüger Lößner Vögel Hübner Strauß Möller Fröhlich Kühn Brändle Süß Rößler Döring Höfer".split(),
        "fr": "Lefèvre Garçon Dupré Mûrier Bérard Côté Géroux Nivôse Rênard Valérian Hébert Crépin Boëlle Gaïa Poirée Sénac Thévenin Aubé Brûlé Desprès".split()}
COMPANIES = {"us": ["Summit Robotics", "Blue Mesa Energy", "Harbor Analytics", "Kestrel Freight, Inc.", "Ironwood Dental", "Lumen & Oak", "Pinecrest Foods",
                    "Quarry Software", "Redline Motors", "Silverlake Media", "Tidewater Labs", "Union Square Retail"],
             "de": ["Nordlicht Maschinenbau GmbH", "Brücke & Söhne KG", "Ölmühle Süd AG", "Fördertechnik Hänsel", "Käsewerk Allgäu", "Präzision Böhm GmbH",
                    "Straßenbau Weser", "Glashütte Jäger", "Verpackung Löwe", "Müllerbräu"],
             "fr": ["Société Générale des Câbles", "Atelier Béarn", "Énergies de l'Ouest", "Fonderie Lémeré", "Hôtels du Marché", "Crème & Café",
                    "Logistique Nîmes", "Réseau Étoile", "Verrerie Pasquier"]}
JOBS = {"us": ["Buyer", "Head of Operations", "Marketing Manager", "VP Sales", "Plant Engineer", "Owner"],
        "de": ["Einkäufer", "Geschäftsführerin", "Leiter Vertrieb", "Konstrukteur", "Produktmanagerin"],
        "fr": ["Acheteuse", "Directeur général", "Chef de projet", "Responsable marketing", "Ingénieur"]}
PLACES = {"us": [("Las Vegas", "NV", "89109"), ("Denver", "CO", "80202"), ("Austin", "TX", "78701"), ("Portland", "OR", "97205")],
          "de": [("Hannover", "", "30159"), ("Köln", "", "50667"), ("München", "", "80331"), ("Düsseldorf", "", "40210")],
          "fr": [("Paris", "", "75008"), ("Nîmes", "", "30000"), ("Orléans", "", "45000"), ("Besançon", "", "25000")]}
NOTES = {"us": ["Wants a demo, next week", "Asked about pricing", "Uses a competitor's scanner", "Met at the \"Fast Lane\" talk", "", ""],
         "de": ["Bitte Angebot schicken", "Rückruf gewünscht; nach der Messe", "Zuständig für drei Werke", "", ""],
         "fr": ["Souhaite une démonstration", "Rappeler après le salon", "Déjà client, à recontacter", "", ""]}
INTERESTS = ["Scanner", "Badge printing", "Analytics", "Mobile app"]
ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue", "É": "e", "é": "e", "è": "e", "ê": "e", "ë": "e",
                       "ï": "i", "î": "i", "ô": "o", "û": "u", "ç": "c", "â": "a"})
LONG = "We talked for a long time about the roll-out in all of their plants, about who signs, who has to be asked before that, and about what went wrong the last time. "


def plain(text):
    return "".join(c for c in text.translate(ASCII).lower() if c.isalnum())


def people(region, count, prefix):
    """Distinct people with sound data: every field would be taken by the CRM."""
    names = [(first, last) for first in FIRST[region] for last in LAST[region]]
    rng.shuffle(names)
    for number, (first, last) in enumerate(names[:count]):
        company = rng.choice(COMPANIES[region])
        city, state, postal = rng.choice(PLACES[region])
        domain = f"{plain(company)}.example" if number % 9 else {"us": "gmail.com", "de": "web.de", "fr": "orange.fr"}[region]
        yield {"badge": f"{prefix}-{10000 + number * 7}", "first": first, "last": last, "company": company, "job": rng.choice(JOBS[region]),
               "email": f"{plain(first)}.{plain(last)}@{domain}", "city": city, "state": state, "postal": postal,
               "day": rng.randrange(3), "minute": rng.randrange(9 * 60, 18 * 60), "timeline": rng.choice(["This quarter", "Next quarter"]),
               "interest": rng.sample(INTERESTS, rng.choice([1, 1, 2])), "rating": rng.choice([0, 1]),
               "budget": rng.choice(["", "5000", "12000.50", "250000"]), "consent": rng.random() < 0.6, "notes": rng.choice(NOTES[region]),
               "owner": "", "source": "", "stand": "", "phone": ""}


def spoil(leads, *faults):
    """Each fault to leads of its own, so that every lead fails for one reason at most."""
    free = list(range(len(leads)))
    rng.shuffle(free)
    for count, change in faults:
        for _ in range(count):
            change(leads[free.pop()])


def put(**values):
    return lambda lead: lead.update(values)


def no_email(lead):
    lead["email"] = ""


def las_vegas():
    leads = list(people("us", 230, "LV"))
    for number, lead in enumerate(leads):
        lead["phone"] = f"(702) 555-{1000 + number}"
        lead["owner"] = rng.choice(["", "", "14240720", "14240721"])
    spoil(leads, (30, put(timeline="Within 6 months")), (9, put(timeline="Just browsing")), (9, put(budget="a lot")), (5, put(budget="50k")),
          (10, no_email), (12, put(source="Partner referral")), (11, put(owner="14240722")), (8, put(notes=LONG * 2)),
          (3, lambda lead: lead.update(email=lead["email"].split("@")[0] + "@")),
          (2, lambda lead: lead.update(last=f"{plain(lead['company'])}.com")),
          (2, put(phone="1.70256E+10")), (10, put(budget="$12,500")), (6, put(timeline="As soon as possible")))
    header = ["Badge ID", "Name", "Title", "Company", "Email", "Work Phone", "City", "State", "Zip", "Country", "Scan Date", "Scan Time", "Scanned By",
              "Timeline", "Product interest", "Lead Rating", "Budget", "Marketing Opt-in", "Notes", "Owner ID", "Lead source"]

    def row(lead, later=0, notes=None):
        minute = lead["minute"] + later
        hour = minute // 60
        return [lead["badge"], f"{lead['first']} {lead['last']}", lead["job"], lead["company"], lead["email"], lead["phone"], lead["city"], lead["state"],
                lead["postal"], "United States", f"11/{17 + lead['day']}/2026", f"{(hour - 1) % 12 + 1}:{minute % 60:02} {'PM' if hour >= 12 else 'AM'}",
                "Booth iPad 2", lead["timeline"], "; ".join(lead["interest"]), ["Hot", "warm"][lead["rating"]], lead["budget"],
                "Yes" if lead["consent"] else "No", lead["notes"] if notes is None else notes, lead["owner"], lead["source"]]

    rows = [row(lead) for lead in leads]
    sound = [lead for lead in leads if lead["email"] and len(lead["notes"]) < 100]
    for at, lead in zip((40, 80, 120, 160, 200), sound):  # scanned twice
        rows.insert(at, row(lead, later=7, notes="Came back to the booth"))
    for at in (15, 111, 190):  # nobody
        rows.insert(at, ["", "", "", "Walk-in", "", "", "Las Vegas", "NV"] + [""] * 13)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    # A device that does not escape: one cell too many.
    out.write('LV-99999,Pat Doe,Buyer,Acme,pat.doe@acme.example,,,,,United States,11/18/2026,10:00 AM,Booth iPad 1,This quarter,Scanner,Hot,,No,Call back, but later,,\r\n')
    out.write(f"Total leads,{len(rows)}\r\n")
    (HERE / "gadget-expo-las-vegas.csv").write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    return leads


def hannover():
    leads = list(people("de", 190, "HM"))
    for number, lead in enumerate(leads):
        lead["phone"] = f"0511 555{1000 + number}" if number % 2 else f"+49 (0)511 555{1000 + number}"
    spoil(leads, (10, put(timeline="Within 6 months")), (24, put(rating=2)), (8, put(budget="nach Absprache")), (9, no_email), (6, put(notes=LONG * 2)),
          (6, lambda lead: lead.update(email=lead["email"].rsplit(".", 1)[0] + ".d")), (3, put(phone="siehe Visitenkarte")), (12, put(budget="12.500,00")))
    out = io.StringIO()
    out.write("sep=;\r\n")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Badge-Nr.", "Anrede", "Vorname", "Nachname", "Firma", "Position", "E-Mail", "Telefon", "PLZ", "Ort", "Land", "Erfasst am", "Uhrzeit",
                     "Erfasst von", "Timeline", "Product interest", "Lead Rating", "Budget", "Marketing Opt-in", "Bemerkung"])
    for number, lead in enumerate(leads):
        writer.writerow([lead["badge"], ["Herr", "Frau"][number % 2], lead["first"], lead["last"], lead["company"], lead["job"], lead["email"], lead["phone"],
                         lead["postal"], lead["city"], "Deutschland", f"{20 + lead['day']}.04.2026", f"{lead['minute'] // 60:02}:{lead['minute'] % 60:02}",
                         "Stand 12", lead["timeline"], "|".join(lead["interest"]), "ABC"[lead["rating"]], lead["budget"], "Ja" if lead["consent"] else "Nein",
                         lead["notes"]])
        if number in (50, 150):  # nobody
            writer.writerow(["", "Herr", "", "", "Firma unbekannt"] + [""] * 15)
    writer.writerow(["Gesamt", len(leads)])
    (HERE / "werkzeugmesse-hannover.csv").write_bytes(out.getvalue().encode("cp1252"))
    return leads


def paris(guests):
    leads = list(people("fr", 138, "SP"))
    spoil(leads, (5, put(timeline="Within 6 months")), (28, put(stand="Stand B12")), (7, no_email), (2, put(notes=LONG * 2)), (4, put(budget="à définir")))
    # They were at the first event too.
    leads += [dict(guest, badge=f"SP-{20000 + number}", day=1, notes="Vu à Las Vegas", budget="", owner="", source="") for number, guest in enumerate(guests)]
    lines = ["\t".join(["Numéro de badge", "Civilité", "Prénom", "Nom", "Société", "Fonction", "Courriel", "Téléphone", "Code postal", "Ville", "Pays", "Date de scan",
                        "Heure", "Scanné par", "Timeline", "Product interest", "Lead Rating", "Budget", "Marketing Opt-in", "Commentaires",
                        "Which stand did you visit?"])]
    for number, lead in enumerate(leads):
        guest = lead["badge"] >= "SP-2"
        lines.append("\t".join([lead["badge"], "" if guest else ["M.", "Mme"][number % 2], lead["first"], lead["last"], lead["company"], lead["job"], lead["email"],
                                lead["phone"] if guest else f"01 55 55 {number // 100:02} {number % 100:02}", lead["postal"], lead["city"],
                                "États-Unis" if guest else "France", f"{12 + lead['day']}/06/2026", f"{lead['minute'] // 60}h{lead['minute'] % 60:02}", "Équipe A",
                                lead["timeline"], ";".join(lead["interest"]), ["Chaud", "Tiède"][lead["rating"]], lead["budget"],
                                "Oui" if lead["consent"] else "Non", lead["notes"], lead["stand"]]))
    lines.insert(70, "\t" * 4 + "Inconnu" + "\t" * 16)  # nobody
    lines.append(f"Total\t{len(leads)}")
    (HERE / "salon-paris.csv").write_bytes(b"\xff\xfe" + ("\r\n".join(lines) + "\r\n").encode("utf-16-le"))


def main():
    first = las_vegas()
    hannover()
    sound = [lead for lead in first if "." in lead["email"].rsplit("@", 1)[-1] and lead["timeline"].endswith("quarter") and len(lead["notes"]) < 100
             and not lead["source"] and lead["owner"] != "14240722" and lead["budget"] not in ("a lot", "50k") and ".com" not in lead["last"]
             and "E+" not in lead["phone"]]
    paris(sound[20:32])


if __name__ == "__main__":
    main()
