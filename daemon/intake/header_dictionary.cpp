#include "intake/header_dictionary.h"

#include "base/text.h"

#include <algorithm>
#include <unordered_map>

namespace leadsync {
namespace {

using kind = header_target::kind;

struct synonyms {
  kind what;
  std::string_view canonical;
  std::string_view headers;  ///< folded, without blanks
};

constexpr synonyms dictionary[] = {
    {kind::field, "email",
     "email emailaddress workemail attendeeemail businessemail mail emailadresse emailadress courriel adresseemail adressemail adresseelectronique "
     "contactemail primaryemail email1 mailadresse"},
    {kind::field, "first_name", "firstname first givenname fname vorname prenom forename"},
    {kind::field, "last_name", "lastname last surname familyname lname nachname nomdefamille familienname"},
    {kind::field, "full_name", "fullname attendeename contactname attendee nomcomplet nametotal leadname visitorname vollstandigername contact"},
    {kind::name, "full_name", "name nom"},
    {kind::title, "job_title", "title titel titre"},
    {kind::field, "honorific", "salutation prefix anrede civilite honorific nameprefix"},
    {kind::field, "job_title", "jobtitle position role jobrole function funktion fonction poste stelle berufsbezeichnung intituleduposte"},
    {kind::field, "company",
     "company companyname organization organisation organizationname organisationname account accountname firma firmenname unternehmen societe "
     "entreprise employer business"},
    {kind::field, "phone",
     "phone workphone telephone phonenumber tel telefon telefonnummer businessphone officephone homephone phone1 numerodetelephone"},
    {kind::field, "mobile_phone", "mobile mobilephone cell cellphone mobilenumber handy mobiltelefon mobil portable telephoneportable handynummer"},
    {kind::field, "website", "website web url companywebsite webseite siteweb homepage domain companydomain"},
    {kind::field, "street", "street address address1 addressline1 streetaddress strasse adresse rue line1"},
    {kind::field, "city", "city town ort stadt ville"},
    {kind::field, "region", "state region province bundesland stateprovince county kanton departement"},
    {kind::field, "postal_code", "zip zipcode postalcode postcode plz postleitzahl codepostal postal"},
    {kind::field, "country", "country countryname land pays countrycode"},
    {kind::field, "rating", "rating leadrating score leadscore temperature stars bewertung leadquality evaluation"},
    {kind::field, "notes",
     "notes note comments comment remarks remark description bemerkung bemerkungen notizen notiz kommentar kommentare remarques commentaire "
     "commentaires"},
    {kind::field, "tags", "tags tag labels"},
    {kind::field, "captured_at",
     "scanned scandate scanneddate scannedat capturetime capturedate datecaptured capturedat created createdat submittedat timestamp datetime "
     "scandatetime scantimestamp gescanntam erfasstam erfassungsdatum datedescan datescanned dateduscan date datum leaddate"},
    {kind::scan_time, "", "scantime scannedtime time uhrzeit heure heuredescan heureduscan capturedtime"},
    {kind::field, "captured_by",
     "scannedby rep boothstaff devicename license licence capturedby salesrep user username staff erfasstvon mitarbeiter scannepar collaborateur"},
    {kind::field, "badge",
     "badgeid barcode badgenumber badge referenceid registrationid registrationnumber code pseudonymizationid qrcode badgecode attendeeid "
     "ausweisnummer badgenummer badgenr numerodebadge"},
    {kind::field, "consent",
     "optin consent gdpr marketingpermission emailoptin newsletter marketingoptin marketingconsent dsgvo einwilligung consentement rgpd"},
    {kind::field, "linkedin", "linkedin linkedinurl linkedinprofile"},
    {kind::id, "", "id leadid externalid recordid uuid"},
    {kind::event, "", "event eventname show tradeshow veranstaltung messe evenement salon exhibition"},
    {kind::qualifier, "",
     "timeline timeframe zeitrahmen followup nextstep interest interests interessen interesse productinterest productinterests qualifier qualifiers"},
};

const std::unordered_map<std::string, const synonyms*>& index() {
  static const auto made = [] {
    std::unordered_map<std::string, const synonyms*> all;
    for (const auto& entry : dictionary)
      for (const auto header : split(entry.headers, ' '))
        if (!header.empty()) all.emplace(header, &entry);
    return all;
  }();
  return made;
}

std::string key_of(std::string_view header) {
  auto key = fold_loosely(header);
  std::erase(key, ' ');
  return key;
}

}  // namespace

header_target target_of(std::string_view header) {
  header = trim(header);
  const auto folded = ascii_lower(header);
  for (const std::string_view prefix : {"qualifier:", "question:", "q:"})
    if (folded.starts_with(prefix) && header.size() > prefix.size()) return {kind::qualifier, std::string(trim(header.substr(prefix.size())))};
  const auto known = index().find(key_of(header));
  if (known != index().end()) {
    const auto& entry = *known->second;
    return {entry.what, std::string(entry.what == kind::qualifier ? header : entry.canonical)};
  }
  if (header.find('?') != header.npos) return {kind::qualifier, std::string(header)};
  if (folded.starts_with("custom:")) header = trim(header.substr(7));
  return {kind::custom, std::string(header)};
}

bool is_form_of_address(std::string_view value) {
  constexpr std::string_view forms[] = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "herr", "frau", "hr", "fr",
                                        "m", "mme", "mlle", "monsieur", "madame", "prof dr", "dr ing", "dipl ing"};
  return std::find(std::begin(forms), std::end(forms), fold_loosely(value)) != std::end(forms);
}

}  // namespace leadsync
