"""What differs between the CRMs, for tests and for the demo: how to sign in, where people, companies and notes are, what is written where."""
import harness

CLIENT = {"client_id": "simulator-client", "client_secret": "simulator-secret"}
KEPT_TIMELINE = ("This quarter", "Next quarter")


class Crm:
    name = ""
    settings = {}
    limits = {}               # ceilings for tests, where the simulated account has none
    kind, secrets = "token", {}
    timeline = ("", "")       # object and field with the options of KEPT_TIMELINE
    short = ("", "")          # object and field that is made short for a test of what only the CRM can refuse
    company_path = ""         # where a company is made
    write_methods = ("POST", "PATCH", "PUT")

    def __init__(self, folder, limits=False):
        self.simulator = harness.Simulator(folder, arguments=["--crm", self.name])
        self.limited = limits

    def start(self):
        self.simulator.start()
        if not self.limited:
            self.simulator.no_limits()
        self.prepare()

    def prepare(self):
        """What the simulated account lacks for the tests."""

    def integrate(self, daemon, name="crm", **more):
        for secret, text in self.secrets.items():
            daemon.set_secret(f"{name}.{secret}", text)
        credential = {"kind": self.kind, **{secret: {"file": str(daemon.folder / f"{name}.{secret}")} for secret in self.secrets}}
        daemon.integrate(name, self.simulator.url, plugin=self.name, credential=credential, settings=self.settings,
                         limits={} if self.limited else self.limits, provision=True, **more)

    def people(self):
        """Addresses, in lower case, of all that the CRM has."""
        raise NotImplementedError

    def companies(self):
        raise NotImplementedError

    def notes(self):
        raise NotImplementedError

    def duplicates(self):
        return self.simulator.admin("GET", "duplicates")

    def kill_credentials(self):
        raise NotImplementedError

    def new_credentials(self):
        """{secret: text} that works again."""
        raise NotImplementedError


class HubSpot(Crm):
    name = "hubspot"
    limits = {"burst": 1_000_000, "search": 1_000_000}
    secrets = {"access_token": harness.TOKEN}
    timeline = ("contact", "timeline")
    short = ("contact", "jobtitle")
    company_path = "/crm/v3/objects/companies"

    def people(self):
        return [one["properties"].get("email", "").lower() for one in self.simulator.objects("contacts")]

    def companies(self):
        return [one["properties"].get("name") for one in self.simulator.objects("companies")]

    def notes(self):
        return [one["properties"].get("hs_note_body", "") for one in self.simulator.objects("notes")]

    def shorten(self):
        self.simulator.admin("PUT", "properties/contacts/jobtitle", {"rules": {"MAX_LENGTH": 5}})

    def kill_credentials(self):
        self.simulator.admin("PUT", "tokens", {"revoke": "all"})

    def new_credentials(self):
        self.simulator.admin("PUT", "tokens", {"add": ["pat-na1-replacement"]})
        return {"access_token": "pat-na1-replacement"}


class Pipedrive(Crm):
    name = "pipedrive"
    limits = {"burst": 1_000_000, "search": 1_000_000}
    secrets = {"access_token": "pipedrive-token-simulator"}
    company_path = "/api/v2/organizations"

    def prepare(self):
        self.simulator.admin("PUT", "options", {"search_lag_ms": 300})
        fields = self.simulator.admin("GET", "fields/deal")["results"]
        self.timeline = ("lead", next(one["field_code"] for one in fields if one["field_name"] == "Timeline"))

    def people(self):
        return [one["emails"][0]["value"].lower() if one["emails"] else "" for one in self.simulator.objects("persons")]

    def companies(self):
        return [one["name"] for one in self.simulator.objects("organizations")]

    def notes(self):
        return [one["content"] for one in self.simulator.objects("notes")]

    def kill_credentials(self):
        self.simulator.admin("PUT", "tokens", {"revoke": "all"})

    def new_credentials(self):
        self.simulator.admin("PUT", "tokens", {"add": ["pipedrive-replacement"]})
        return {"access_token": "pipedrive-replacement"}


class Salesforce(Crm):
    name = "salesforce"
    settings = {"strategy": "accounts_and_contacts"}
    kind, secrets = "client_credentials", CLIENT
    timeline = ("person", "Timeline__c")
    short = ("person", "Title")
    company_path = "/services/data/v62.0/composite/sobjects/Account"

    def prepare(self):
        self.simulator.admin("PUT", "fields/Contact/Timeline__c",
                             {"label": "Timeline", "type": "picklist", "restricted": True, "options": list(KEPT_TIMELINE)})

    def values(self, kind, name):
        return [one["properties"].get(name) for one in self.simulator.objects(kind)]

    def people(self):
        return [(email or "").lower() for email in self.values("Contact", "Email")]

    def companies(self):
        return self.values("Account", "Name")

    def notes(self):
        return self.values("Task", "Description")

    def shorten(self):
        self.simulator.admin("PUT", "fields/Contact/Title", {"length": 5})

    def kill_credentials(self):
        self.simulator.admin("PUT", "tokens", {"client_secret": "changed", "expire_all": True})

    def new_credentials(self):
        return {"client_secret": "changed"}


class Zoho(Crm):
    name = "zoho"
    settings = {"module": "Contacts"}
    kind, secrets = "oauth", {**CLIENT, "refresh_token": "simulator-refresh"}
    timeline = ("person", "Timeline")
    short = ("person", "Title")
    company_path = "/crm/v8/Accounts"

    def values(self, module, name):
        return [one["values"].get(name) for one in self.simulator.objects(module)]

    def people(self):
        return [(email or "").lower() for email in self.values("Contacts", "Email")]

    def companies(self):
        return self.values("Accounts", "Account_Name")

    def notes(self):
        return self.values("Notes", "Note_Content")

    def shorten(self):
        self.simulator.admin("PUT", "fields/Contacts/Title", {"length": 5})

    def kill_credentials(self):
        self.simulator.admin("PUT", "tokens", {"client_secret": "changed", "expire_all": True})

    def new_credentials(self):
        return {"client_secret": "changed"}


ALL = {crm.name: crm for crm in (HubSpot, Salesforce, Pipedrive, Zoho)}


def map_field(daemon, name, target, source, **more):
    """Adds to the mapping of an integration, or replaces what is mapped to the same field."""
    path = f"/v1/integrations/{name}/mapping"
    harness.wait_until(lambda: daemon.get(f"/v1/integrations/{name}")["mapping_revision"] not in (0, "0"), 60, lambda: daemon.get(f"/v1/integrations/{name}"))
    answer = daemon.call("GET", path)
    mapping = answer.json["mapping"]
    mapping["fields"] = [one for one in mapping["fields"] if (one["object"], one["remote_field"]) != target]
    mapping["fields"].append({"object": target[0], "remote_field": target[1], "source": source, **more})
    daemon.ok("PUT", path, mapping, headers={"If-Match": answer.headers["ETag"]})
