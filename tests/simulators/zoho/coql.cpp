#include "zoho/answers.h"

#include "base/text.h"

namespace leadsync::simulator::zoho {
namespace {

/// select a, b from M where c = 'v' or d in ('x','y') limit n. A quote in a text is escaped by a backslash.
struct query {
  struct test {
    std::string column;
    std::vector<std::string> values;
  };
  std::vector<std::string> columns;
  std::string module;
  std::vector<test> any_of;
  std::size_t limit = 200;
};

struct token {
  enum class kind { word, text, sign, end } what = kind::end;
  std::string value;
};

class scanner {
 public:
  explicit scanner(std::string_view text) : rest_(text) { advance(); }

  [[nodiscard]] bool broken() const { return broken_; }
  [[nodiscard]] bool at_end() const { return current_.what == token::kind::end; }
  bool accept(std::string_view wanted) {
    if (current_.what == token::kind::text || ascii_lower(current_.value) != wanted || at_end()) return false;
    advance();
    return true;
  }
  std::optional<std::string> take(token::kind what) {
    if (current_.what != what) return std::nullopt;
    auto out = std::move(current_.value);
    advance();
    return out;
  }

 private:
  void advance() {
    rest_ = trim(rest_);
    current_ = {};
    if (rest_.empty()) return;
    if (rest_.front() == '\'') return read_text();
    const auto word = rest_.substr(0, rest_.find_first_of(" \t\n,()='<>!"));
    current_ = {word.empty() ? token::kind::sign : token::kind::word, std::string(word.empty() ? rest_.substr(0, 1) : word)};
    rest_.remove_prefix(current_.value.size());
  }
  void read_text() {
    current_.what = token::kind::text;
    std::size_t i = 1;
    for (; i < rest_.size() && rest_[i] != '\''; ++i) {
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      current_.value += rest_[i];
    }
    broken_ = broken_ || i >= rest_.size();
    rest_.remove_prefix(std::min(rest_.size(), i + 1));
  }

  std::string_view rest_;
  token current_;
  bool broken_ = false;
};

std::optional<query> parse(std::string_view text) {
  scanner in(text);
  query out;
  if (!in.accept("select")) return std::nullopt;
  do {
    auto name = in.take(token::kind::word);
    if (!name) return std::nullopt;
    out.columns.push_back(std::move(*name));
  } while (in.accept(","));
  if (!in.accept("from")) return std::nullopt;
  out.module = in.take(token::kind::word).value_or("");
  if (!in.accept("where")) return std::nullopt;
  do {
    auto& test = out.any_of.emplace_back();
    test.column = in.take(token::kind::word).value_or("");
    const bool list = in.accept("in");
    if (list ? !in.accept("(") : !in.accept("=")) return std::nullopt;
    do {
      auto value = in.take(token::kind::text);
      if (!value) return std::nullopt;
      test.values.push_back(std::move(*value));
    } while (list && in.accept(","));
    if (list && !in.accept(")")) return std::nullopt;
  } while (in.accept("or"));
  if (in.accept("limit")) out.limit = static_cast<std::size_t>(std::strtoul(in.take(token::kind::word).value_or("0").c_str(), nullptr, 10));
  if (in.broken() || !in.at_end()) return std::nullopt;
  return out;
}

}  // namespace

response handle_coql(organization& org, const call& from) {
  if (!from.is("POST")) return wrong_method();
  const auto* body = from.body.if_object();
  const auto wanted = parse(body ? text_member(*body, "select_query") : "");
  if (!wanted) return refuse(400, "SYNTAX_ERROR", "error occured while parsing the query", {{"near", "from"}, {"line", 1}, {"column", 1}, {"clause", "from"}});
  auto* of = org.find_module(wanted->module);
  if (!of || of->api_name == "Notes") return invalid_module();
  json::array rows;
  std::vector<const record*> seen;
  for (const auto& test : wanted->any_of) {
    if (test.values.size() > 100) return refuse(400, "INVALID_QUERY", "Only 100 values are allowed in \"IN\" criteria", {{"param_name", "select_query"}});
    const auto* column = of->find_field(test.column);
    if (!column && test.column != "id") return refuse(400, "INVALID_QUERY", "column given seems to be invalid", {{"column_name", test.column}, {"reason", "invalid column"}});
    for (const auto& value : test.values) {
      const auto* by_id = test.column == "id" ? of->find(value) : nullptr;
      std::vector<const record*> found;
      if (by_id) found.push_back(by_id);
      else if (column && of->matches_by(*column)) for (const auto* one : of->holders(test.column, json::value(value))) found.push_back(one);
      else if (column)
        for (const auto& one : of->records)
          if (!one.deleted && one.is_set(test.column) && one.values.at(test.column) == json::value(value)) found.push_back(&one);
      for (const auto* one : found) {
        if (std::find(seen.begin(), seen.end(), one) != seen.end() || rows.size() == wanted->limit) continue;
        seen.push_back(one);
        rows.push_back(shown(org, *of, *one, wanted->columns));
      }
    }
  }
  for (const auto& name : wanted->columns)
    if (name != "id" && !of->find_field(name)) return refuse(400, "INVALID_QUERY", "column given seems to be invalid", {{"column_name", name}, {"reason", "invalid column"}});
  if (rows.empty()) return nothing();
  const auto count = rows.size();
  return ok(json::object{{"data", std::move(rows)}, {"info", {{"count", count}, {"more_records", false}}}});
}

}  // namespace leadsync::simulator::zoho
