#include "salesforce/soql.h"

#include "base/text.h"

#include <algorithm>
#include <cctype>

namespace leadsync::simulator::salesforce {
namespace {

using condition = soql::condition;

struct syntax_error {
  std::string what;
};

class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  soql read() {
    soql out;
    expect("select");
    do out.selected.push_back(name());
    while (accept(","));
    expect("from");
    out.from = name();
    if (accept("where")) out.where = any();
    if (accept("order")) {
      expect("by");
      out.order_by = name();
      out.descending = accept("desc");
      if (!out.descending) accept("asc");
    }
    if (accept("limit")) out.limit = static_cast<std::size_t>(std::strtoul(next().c_str(), nullptr, 10));
    if (!peek().empty()) throw syntax_error{"unexpected token: '" + peek() + "'"};
    return out;
  }

 private:
  condition any() { return joined(condition::kind::any, "or", [this] { return joined(condition::kind::all, "and", [this] { return one(); }); }); }

  template <class Part>
  condition joined(condition::kind what, std::string_view word, Part part) {
    condition out;
    out.what = what;
    out.parts.push_back(part());
    while (accept(word)) out.parts.push_back(part());
    if (out.parts.size() > 1) return out;
    condition only = std::move(out.parts.front());
    return only;
  }

  condition one() {
    if (accept("(")) {
      auto inner = any();
      expect(")");
      return inner;
    }
    condition out;
    out.field = name();
    if (accept("in")) {
      out.what = condition::kind::in;
      expect("(");
      do out.values.push_back(literal());
      while (accept(","));
      expect(")");
    } else {
      if (accept("like")) out.what = condition::kind::like;
      else if (accept("!=")) out.what = condition::kind::unequal;
      else expect("="), out.what = condition::kind::equal;
      out.values.push_back(literal());
    }
    for (const auto& value : out.values) out.compared_values.insert(folded(value));
    for (const auto& value : out.values)
      if (looks_like_id(value)) out.compared_values.insert(value.substr(0, 15));  // whose case has a meaning
    return out;
  }

  std::string literal() {
    const auto token = next();
    if (token.empty()) throw syntax_error{"unexpected token: <EOF>"};
    if (token.front() == '\'') return token.substr(1);
    return ascii_lower(token) == "null" ? std::string() : token;
  }
  std::string name() {
    auto token = next();
    if (token.empty() || !(std::isalpha(static_cast<unsigned char>(token.front())))) throw syntax_error{"unexpected token: '" + token + "'"};
    return token;
  }
  bool accept(std::string_view word) {
    if (ascii_lower(peek()) != word) return false;
    peeked_.reset();
    return true;
  }
  void expect(std::string_view word) {
    if (!accept(word)) throw syntax_error{"expecting " + std::string(word) + ", found '" + peek() + "'"};
  }
  const std::string& peek() {
    if (!peeked_) peeked_ = scan();
    return *peeked_;
  }
  std::string next() {
    auto token = peek();
    peeked_.reset();
    return token;
  }
  /// A text begins with its quote and is unescaped; the end is empty.
  std::string scan() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    if (at_ == text_.size()) return {};
    const char c = text_[at_];
    if (c == '\'') {
      std::string out = "'";
      for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) {
        // In a pattern the escape of % and _ has a meaning of its own.
        if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '%' && text_[at_ + 1] != '_') ++at_;
        out += text_[at_];
      }
      if (at_ == text_.size()) throw syntax_error{"line 1:" + std::to_string(at_) + " unterminated string literal"};
      ++at_;
      return out;
    }
    const auto begin = at_;
    const auto plain = [](char one) { return std::isalnum(static_cast<unsigned char>(one)) || one == '_' || one == '.' || one == ':' || one == '-' || one == '+'; };
    while (at_ < text_.size() && plain(text_[at_])) ++at_;
    if (at_ == begin) at_ += text_.substr(at_).starts_with("!=") ? 2 : 1;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<std::string> peeked_;
};

bool like(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '%') {
    for (std::size_t i = 0; i <= text.size(); ++i)
      if (like(text.substr(i), pattern.substr(1))) return true;
    return false;
  }
  const bool escaped = pattern.front() == '\\' && pattern.size() > 1;
  if (escaped) pattern.remove_prefix(1);
  if (text.empty() || (text.front() != pattern.front() && (escaped || pattern.front() != '_'))) return false;
  return like(text.substr(1), pattern.substr(1));
}

void add_fields(const condition& from, std::vector<std::string>& out) {
  if (!from.field.empty()) out.push_back(from.field);
  for (const auto& part : from.parts) add_fields(part, out);
}

}  // namespace

std::string parse_soql(std::string_view text, soql& out) try {
  out = reader(text).read();
  return {};
} catch (const syntax_error& failure) {
  return failure.what;
}

bool matches(const soql::condition& what, const object_type& type, const record& one) {
  using kind = soql::condition::kind;
  const auto holds = [&](const soql::condition& part) { return matches(part, type, one); };
  if (what.what == kind::all) return std::all_of(what.parts.begin(), what.parts.end(), holds);
  if (what.what == kind::any) return std::any_of(what.parts.begin(), what.parts.end(), holds);
  const auto* about = type.find_field(what.field);
  const bool id = about && (about->type == "id" || about->type == "reference");
  auto text = about ? one.text(about->name) : std::string();
  text = id ? text.substr(0, 15) : folded(text);
  if (about && about->type == "boolean" && text.empty()) text = "false";
  if (what.what == kind::like) return like(text, ascii_lower(what.values.front()));
  const bool found = what.compared_values.contains(text);
  return what.what == kind::unequal ? !found : found;
}

std::vector<std::string> fields_of(const soql& query) {
  auto all = query.selected;
  add_fields(query.where, all);
  if (!query.order_by.empty()) all.push_back(query.order_by);
  return all;
}

}  // namespace leadsync::simulator::salesforce
