#include "mapping/country.h"

#include "base/text.h"

#include <string>
#include <unordered_map>

namespace leadsync {
namespace {

constexpr country countries[] = {
#include "mapping/country_table.inc"
};

/// Accents and punctuation do not count: "U.S.A.", "Cote d'Ivoire".
std::string key_of(std::string_view text) {
  std::string key;
  for (const char c : fold_loosely(text))
    if (c != ' ') key += c;
  return key;
}

std::unordered_map<std::string, const country*> make_index() {
  std::unordered_map<std::string, const country*> index;
  for (const auto& entry : countries)
    for (const auto code : {entry.iso2, entry.iso3, entry.name}) index.emplace(key_of(code), &entry);
  // Names win over nothing: a code of one country is never an alias of another.
  for (const auto& entry : countries)
    for (const auto alias : split(entry.aliases, '|')) index.emplace(key_of(alias), &entry);
  index.erase("");
  index.erase("na");  // "N/A" far more often than Namibia
  return index;
}

}  // namespace

const country* find_country(std::string_view text) {
  static const auto index = make_index();
  const auto found = index.find(key_of(text));
  return found == index.end() ? nullptr : found->second;
}

}  // namespace leadsync
