"""The four CRMs, each described by what a proof needs of it: how to connect, what the simulator holds, how to take its token away."""
import json
import urllib.request

import harness
import leads

CLIENT = {"client_id": "simulator-client", "client_secret": "simulator-secret", "refresh_token": "simulator-refresh"}


class Crm:
    """Of a simulator and the daemon beside it. Persons, companies and notes are read from the simulator alone."""
    name = ""
    person_kind = ""  # in the simulator
    settings = {}
    one_person_settings = None  # with which two leads of one address are one person, where that is no default
    limits = {}
    credential = "token"
    writes = ()  # (method, path prefix) of all that writes
    company_write = ("", "")
    quota = {}  # of the simulator, tight enough for a hundred leads to meet it
    # What a mapping adds: {"object", "remote_field", "source"}. Remark has a limit of length, Interest has options.
    remark = interest = seat = {}
    phone = ""
    nameless = {"last_name": ""}  # a lead that lacks what the CRM requires
    required = ""
    remark_limit = 0
    option = ""  # one that Interest has
    rejections = 0  # of a quota, that are to be expected
    most_at_once = 1_000  # calls
    already_there = ()  # addresses of persons that `tighten` made
    ordinary = {}  # what a good lead of a mixed batch has besides

    def __init__(self, folder):
        self.simulator = harness.Simulator(folder, arguments=["--crm", self.name])
        self.replacement = f"another-{self.name}"

    def start(self):
        self.simulator.start()
        self.simulator.no_limits()

    def integrate(self, daemon, name="crm", url="", **more):
        settings = {"plugin": self.name, "settings": self.settings, "limits": self.limits, "provision": True, **more}
        if self.credential == "oauth":
            for secret, text in CLIENT.items():
                daemon.set_secret(f"{name}.{secret}", text)
            files = {secret: {"file": str(daemon.folder / f"{name}.{secret}")} for secret in CLIENT}
            settings["credential"] = {"kind": "oauth", **files}
        daemon.integrate(name, url or self.simulator.url, token=self.token, **settings)

    token = "unused"

    def revoke(self):
        """The CRM takes no token of ours any more, and gives none."""
        self.simulator.admin("PUT", "tokens", {"revoke": "all" if self.credential == "oauth" else [self.token]})

    def admit_replacement(self, daemon, name="crm"):
        """The admin of the CRM makes a new credential, and the operator puts it in place."""
        if self.credential == "oauth":
            self.simulator.admin("PUT", "tokens", {"refresh_token": self.replacement})
            daemon.set_secret(f"{name}.refresh_token", self.replacement)
        else:
            self.simulator.admin("PUT", "tokens", {"add": [self.replacement]})
            daemon.set_secret(f"{name}.token", self.replacement)

    def duplicates(self):
        return self.simulator.admin("GET", "duplicates")

    def change(self, what, **members):
        self.simulator.admin("PUT", what, members)

    def prepare(self):
        """What a mixed batch needs before the CRM is described. Seat is a field whose values are unique."""

    def tighten(self):
        """Changes the fields after they were described. {number of a bad lead: (what makes it bad, category, remote field)}"""
        raise NotImplementedError

    def refusals(self):
        return {1: ({"qualifiers": {"Remark": ["x" * 60]}}, "DATA_TOO_LONG", self.remark["remote_field"]),
                2: ({"qualifiers": {"Interest": [self.option]}}, "DATA_VALUE_VALIDATION", self.interest["remote_field"]),
                3: ({"phone": ""}, "NOT_ENOUGH_DATA", self.phone),
                4: ({"qualifiers": {"Seat": ["12A"]}}, "DUPLICATE_BLOCKED", self.seat["remote_field"])}

    def persons(self):
        """[(email, company name or None)]"""
        raise NotImplementedError

    def delete_person(self, email):
        """As a user in the CRM would."""
        found = next(one["id"] for one in self.simulator.objects(self.person_kind) if email in json.dumps(one))
        self.simulator.admin("DELETE", f"objects/{self.person_kind}/{found}")

    def companies(self):
        """[name]"""
        raise NotImplementedError

    def notes(self):
        """[(email of the person, text)]"""
        raise NotImplementedError


class HubSpot(Crm):
    name = "hubspot"
    person_kind = "contacts"
    token = harness.TOKEN
    limits = {"burst": 1_000_000, "search": 1_000_000}
    writes = (("POST", "/crm/"), ("PUT", "/crm/"), ("PATCH", "/crm/"))
    company_write = ("POST", "/crm/v3/objects/companies/batch")
    quota = {"burst": {"amount": 20, "window_ms": 2000}, "search": {"amount": 4}}
    remark = {"object": "contact", "remote_field": "booth_notes", "source": "qualifier:Remark"}
    interest = {"object": "contact", "remote_field": "timeline", "source": "qualifier:Interest"}
    seat = {"object": "contact", "remote_field": "seat", "source": "qualifier:Seat"}
    remark_limit, option, phone, nameless, required = 200, "This quarter", "phone", {"email": ""}, "email"

    def prepare(self):
        self.change("properties/contacts/seat", label="Seat", type="string", fieldType="text", groupName="contactinformation", hasUniqueValue=True)

    def tighten(self):
        self.change("properties/contacts/booth_notes", rules={"MAX_LENGTH": 50})
        self.change("properties/contacts/timeline", options=[{"label": "Later", "value": "later"}])
        self.change("properties/contacts/phone", required=True)
        return self.refusals()

    def persons(self):
        names = {one["id"]: one["properties"].get("name") for one in self.simulator.objects("companies")}
        return [(one["properties"].get("email", ""), names.get(next((link["id"] for link in one["associations"].get("companies", [])), None)))
                for one in self.simulator.objects("contacts")]

    def companies(self):
        return [one["properties"].get("name") for one in self.simulator.objects("companies")]

    def notes(self):
        emails = {one["id"]: one["properties"].get("email") for one in self.simulator.objects("contacts")}
        return [(emails.get(next((link["id"] for link in one["associations"].get("contacts", [])), None)), one["properties"].get("hs_note_body"))
                for one in self.simulator.objects("notes")]


class Salesforce(Crm):
    name = "salesforce"
    person_kind = "Contact"
    settings = {"strategy": "accounts_and_contacts"}
    one_person_settings = {**settings, "match": "email"}
    credential = "oauth"
    most_at_once = 5
    writes = (("POST", "/services/data/"), ("PATCH", "/services/data/"))
    company_write = ("PATCH", "/services/data/v62.0/composite/sobjects/Account")
    quota = {"daily": {"amount": 100_000}}
    remark = {"object": "person", "remote_field": "Department", "source": "qualifier:Remark"}
    interest = {"object": "person", "remote_field": "LeadSource", "source": "qualifier:Interest"}
    seat = {"object": "person", "remote_field": "Seat__c", "source": "qualifier:Seat"}
    remark_limit, option, phone, required = 80, "Web", "Phone", "LastName"

    def prepare(self):
        self.change("fields/Contact/Seat__c", type="string", length=40, unique=True)

    def tighten(self):
        self.change("fields/Contact/Department", length=50)
        self.change("fields/Contact/LeadSource", restricted=True, options=["Other"])
        self.change("fields/Contact/Phone", nillable=False)
        return self.refusals()

    def values(self, kind):
        return [one["properties"] for one in self.simulator.objects(kind)]

    def persons(self):
        names = {one["id"]: one["properties"]["Name"] for one in self.simulator.objects("Account")}
        return [(one.get("Email", ""), names.get(one.get("AccountId"))) for one in self.values("Contact")]

    def companies(self):
        return [one["Name"] for one in self.values("Account")]

    def notes(self):
        emails = {one["id"]: one["properties"].get("Email") for one in self.simulator.objects("Contact")}
        return [(emails.get(one.get("WhoId")), one.get("Description")) for one in self.values("Task")]


class Pipedrive(Crm):
    name = "pipedrive"
    person_kind = "persons"
    token = "pipedrive-token-simulator"
    limits = {"burst": 1_000_000, "search": 1_000_000}
    writes = (("POST", "/api/v2/"), ("PATCH", "/api/v2/"), ("POST", "/v1/"), ("PATCH", "/v1/"), ("PUT", "/v1/"))
    company_write = ("POST", "/api/v2/organizations")
    ordinary = {"qualifiers": {"Remark": ["A name"]}}
    quota = {"burst": {"amount": 20}, "search": {"amount": 10}, "daily": {"amount": 30_000}}
    remark = {"object": "person", "remote_field": "name", "source": "qualifier:Remark"}
    remark_limit, option, nameless, required = 255, "Scanner", {"email": "", "qualifiers": {}}, "email"

    def prepare(self):
        self.settings = {"on_ambiguous_match": "fail"}

    def tighten(self):
        """It has no lengths, no unique values and no required fields that change: a field goes, and two persons have one address."""
        code = self.interest["remote_field"]
        self.simulator.admin("DELETE", f"fields/person/{code}")
        for _ in range(2):
            self.make_person("Of two", leads.email(4))
        self.already_there = (leads.email(4),) * 2
        return {2: ({"qualifiers": {"Remark": ["A name"], "Interest": [self.option]}}, "MISSING_REMOTE_FIELD", code), 4: ({}, "AMBIGUOUS_MATCH", "email")}

    def make_person(self, name, email):
        body = json.dumps({"name": name, "emails": [{"value": email, "primary": True}]}).encode()
        headers = {"x-api-token": self.token, "Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(self.simulator.url + "/api/v2/persons", body, headers), timeout=30).close()

    def start(self):
        super().start()
        self.change("options", search_lag_ms=300)
        code = next(field["field_code"] for field in self.simulator.admin("GET", "fields/person")["results"] if field["field_name"] == "Product Interest")
        self.interest = {"object": "person", "remote_field": code, "source": "qualifier:Interest"}

    def persons(self):
        names = {one["id"]: one["name"] for one in self.simulator.objects("organizations")}
        return [((one["emails"] or [{"value": ""}])[0]["value"], names.get(one["org_id"])) for one in self.simulator.objects("persons")]

    def companies(self):
        return [one["name"] for one in self.simulator.objects("organizations")]

    def notes(self):
        emails = {one["id"]: one["emails"][0]["value"] for one in self.simulator.objects("persons")}
        persons = {one["id"]: one["person_id"] for one in self.simulator.objects("leads")}
        return [(emails.get(persons.get(one["lead_id"])), one["content"]) for one in self.simulator.objects("notes")]


class Zoho(Crm):
    name = "zoho"
    person_kind = "Contacts"
    settings = {"module": "Contacts"}
    credential = "oauth"
    limits = {"credits": 1_000_000}
    writes = (("POST", "/crm/v8/"), ("PUT", "/crm/v8/"))
    company_write = ("POST", "/crm/v8/Accounts/upsert")
    quota = {"credits": {"amount": 100_000}}
    remark = {"object": "person", "remote_field": "Booth_Notes", "source": "qualifier:Remark"}
    interest = {"object": "person", "remote_field": "Timeline", "source": "qualifier:Interest"}
    seat = {"object": "person", "remote_field": "Seat", "source": "qualifier:Seat"}
    remark_limit, option, phone, required = 200, "This quarter", "Phone", "Last_Name"

    def prepare(self):
        self.change("fields/Contacts/Seat", data_type="text", length=40, unique=True)

    def tighten(self):
        self.change("fields/Contacts/Booth_Notes", length=50)
        self.change("fields/Contacts/Timeline", pick_list_values=["Later"])
        self.change("fields/Contacts/Phone", system_mandatory=True)
        return self.refusals()

    def values(self, module):
        return [one["values"] for one in self.simulator.objects(module)]

    def persons(self):
        names = {one["id"]: one["values"]["Account_Name"] for one in self.simulator.objects("Accounts")}
        return [(one.get("Email", ""), names.get((one.get("Account_Name") or {}).get("id"))) for one in self.values("Contacts")]

    def companies(self):
        return [one["Account_Name"] for one in self.values("Accounts")]

    def notes(self):
        emails = {one["id"]: one["values"].get("Email") for one in self.simulator.objects("Contacts")}
        return [(emails.get(one["Parent_Id"]["id"]), one["Note_Content"]) for one in self.values("Notes")]


ALL = {one.name: one for one in (HubSpot, Salesforce, Pipedrive, Zoho)}
