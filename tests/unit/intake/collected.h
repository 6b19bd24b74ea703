#pragma once

#include "intake/lead_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// What a reader made of a text, in the order of its rows.
struct collected : lead_sink {
  std::vector<captured_lead> leads;
  std::vector<std::uint64_t> rows;
  std::vector<refused_row> rejected;
  std::string failure;

  void accept(std::uint64_t row_number, captured_lead lead) override {
    leads.push_back(std::move(lead));
    rows.push_back(row_number);
  }
  void reject(refused_row row) override { rejected.push_back(std::move(row)); }

  [[nodiscard]] std::string_view field(std::size_t lead, std::string_view name) const {
    return lead < leads.size() ? leads[lead].document.field_value(name) : "no lead";
  }
  [[nodiscard]] std::string answer(std::size_t lead, std::string_view question) const {
    const auto* values = lead < leads.size() ? leads[lead].document.qualifier_values(question) : nullptr;
    std::string all;
    for (std::size_t i = 0; values && i < values->size(); ++i) all += (i ? "|" : "") + (*values)[i];
    return all;
  }
};

inline collected read_leads(std::string_view text, std::string_view content_type = "text/csv", intake_options options = {"Expo 26", "", ""},
                            std::size_t piece = std::string_view::npos) {
  collected all;
  auto reader = make_lead_reader(content_type, options);
  if (!reader) {
    all.failure = reader.error().context;
    return all;
  }
  result<> done;
  for (std::size_t at = 0; at < text.size() && done; at += std::min(piece, text.size() - at))
    done = (*reader)->feed(text.substr(at, piece), all);
  if (done) done = (*reader)->finish(all);
  if (!done) all.failure = done.error().context;
  return all;
}

}  // namespace leadsync
