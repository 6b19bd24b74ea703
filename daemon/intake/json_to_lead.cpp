#include "intake/json_to_lead.h"

#include "base/text.h"
#include "intake/header_dictionary.h"
#include "intake/lead_builder.h"
#include "model/json_text.h"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <cmath>

namespace leadsync {
namespace {

namespace json = boost::json;
using kind = header_target::kind;

/// Numbers as they were written, as far as the parser kept that: never 4.5E0.
std::string number_text(double value) {
  char text[400];
  const bool plain = std::abs(value) < 1e21 && (value == 0 || std::abs(value) > 1e-7);
  const auto end = plain ? std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr
                         : std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

std::string text_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return {};
    case json::kind::bool_: return value.get_bool() ? "true" : "false";
    case json::kind::int64: return std::to_string(value.get_int64());
    case json::kind::uint64: return std::to_string(value.get_uint64());
    case json::kind::double_: return number_text(value.get_double());
    case json::kind::string: return std::string(value.get_string());
    case json::kind::array: {
      std::vector<std::string> parts;
      for (const auto& item : value.get_array()) {
        if (item.is_structured()) return json::serialize(value);
        parts.push_back(text_of(item));
      }
      return join(parts, "; ");
    }
    case json::kind::object: return json::serialize(value);
  }
  return {};
}

/// An answer's values; text is one value here, and not split: the caller had an array for several.
std::vector<std::string> values_of(const json::value& value) {
  std::vector<std::string> values;
  if (const auto* array = value.if_array())
    for (const auto& item : *array) values.push_back(text_of(item));
  else values.push_back(text_of(value));
  return values;
}

/// One pass over the members. Date and time may come as two of them; the name's meaning depends on its neighbours.
class member_walk {
 public:
  member_walk(lead_builder& builder, const json::object& lead) : builder_(builder) {
    for (const auto& member : lead) {
      const auto target = target_of(member.key());
      first_name_ = first_name_ || target.name == "first_name";
      last_name_ = last_name_ || target.name == "last_name";
    }
  }

  result<> walk(const json::object& lead) {
    for (const auto& member : lead)
      if (auto taken = take(member.key(), member.value()); !taken) return taken;
    builder_.captured(date_, time_);
    return {};
  }

 private:
  result<> take(std::string_view name, const json::value& value) {
    if (value.is_null()) return {};
    if (name == "qualifiers" || name == "custom" || name == "fields") {
      const auto* object = value.if_object();
      if (!object) return make_error(errc::invalid_input, pointer_to("", name) + " must be an object");
      for (const auto& member : *object) {
        if (name == "qualifiers") builder_.qualifier(scrub_utf8(member.key()), values_of(member.value()));
        else if (name == "custom") builder_.custom(member.key(), text_of(member.value()));
        else if (auto taken = take(member.key(), member.value()); !taken) return taken;
      }
      return {};
    }
    if (name == "answers" && value.is_array()) return take_answers(value.get_array());
    const auto target = target_of(name);
    if (const auto* object = value.if_object()) return take_object(name, target, *object, value);
    put(target, name, value);
    return {};
  }

  /// {"question": "Timeline", "answer": "This quarter"}; `answers` where there are several.
  result<> take_answers(const json::array& answers) {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto* object = answers[i].if_object();
      const auto* question = object ? object->if_contains("question") : nullptr;
      if (!question || !question->is_string()) return make_error(errc::invalid_input, pointer_to("/answers", i) + " has no question");
      for (const auto* name : {"answer", "answers"})
        if (const auto* answer = object->if_contains(name)) builder_.qualifier(question->get_string(), values_of(*answer));
    }
    return {};
  }

  result<> take_object(std::string_view name, const header_target& target, const json::object& object, const json::value& value) {
    const auto member = [&](std::string_view key) {
      const auto* found = object.if_contains(key);
      return found ? text_of(*found) : std::string();
    };
    if (target.what == kind::event) {
      builder_.event(member("name"));
    } else if (target.what == kind::field && target.name == "company") {
      builder_.field("company", name, member("name"));
      for (const auto* key : {"website", "domain"}) builder_.field("website", key, member(key));
    } else if (target.name == "street" || name == "workAddress" || name == "homeAddress") {
      for (const auto& part : object) put(target_of(part.key()), part.key(), part.value());
    } else {
      builder_.custom(name, json::serialize(value));
    }
    return {};
  }

  void put(const header_target& target, std::string_view name, const json::value& value) {
    const auto text = text_of(value);
    switch (target.what) {
      case kind::id: builder_.id(text); break;
      case kind::event: builder_.event(text); break;
      case kind::qualifier: builder_.qualifier(target.name, values_of(value)); break;
      case kind::scan_time: time_ = text; break;
      case kind::title: builder_.field(is_form_of_address(text) ? "honorific" : "job_title", name, text); break;
      case kind::name: builder_.field(first_name_ && !last_name_ ? "last_name" : "full_name", name, text); break;
      case kind::custom: builder_.custom(target.name, text); break;
      case kind::field:
        if (target.name == "captured_at" && date_.empty()) date_ = text;
        else builder_.field(target.name, name, text);
        break;
    }
  }

  lead_builder& builder_;
  bool first_name_ = false;
  bool last_name_ = false;
  std::string date_;
  std::string time_;
};

}  // namespace

result<captured_lead> lead_from_json(std::string_view text, const intake_options& options, const capture_clock& clock) {
  if (!is_valid_utf8(text)) return lead_from_json(scrub_utf8(text), options, clock);
  json::monotonic_resource memory;
  const auto document = parse_json(text, &memory);
  if (!document) return document.error();
  const auto* object = document->if_object();
  if (!object) return make_error(errc::invalid_input, "a lead must be an object");
  lead_builder builder(options, clock);
  member_walk walk(builder, *object);
  if (auto done = walk.walk(*object); !done) return done.error();
  return builder.finish();
}

}  // namespace leadsync
