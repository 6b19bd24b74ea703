#include "fuzz.h"

#include "adversity.h"
#include "child.h"
#include "finding.h"

#include <boost/json.hpp>

#include <sys/mman.h>

#include <fstream>
#include <random>

namespace leadsync::kit {
namespace {

namespace json = boost::json;
using random = std::mt19937_64;

std::size_t pick(random& luck, std::size_t below) { return below ? std::size_t(luck() % below) : 0; }

json::value another_value(random& luck) {
  switch (pick(luck, 8)) {
    case 0: return nullptr;
    case 1: return true;
    case 2: return -1;
    case 3: return 1e300;
    case 4: return "";
    case 5: return json::string(70'000, 'x');
    case 6: return json::array{json::object{{"id", nullptr}}};
    default: return json::object{{"id", json::array{}}};
  }
}

/// Changes one thing somewhere below.
void change(json::value& value, random& luck, int depth) {
  const bool deeper = depth < 12 && pick(luck, 4) != 0;
  if (auto* object = value.if_object(); object && !object->empty()) {
    auto at = object->begin() + std::ptrdiff_t(pick(luck, object->size()));
    if (deeper && (at->value().is_object() || at->value().is_array())) return change(at->value(), luck, depth + 1);
    const std::string name(at->key());
    auto moved = std::move(at->value());
    object->erase(at);
    if (pick(luck, 3) == 0) return;
    if (pick(luck, 3) == 0) object->insert_or_assign(name + "x", std::move(moved));
    else object->insert_or_assign(name, another_value(luck));
  } else if (auto* list = value.if_array(); list && !list->empty()) {
    const auto at = pick(luck, list->size());
    if (deeper && ((*list)[at].is_object() || (*list)[at].is_array())) return change((*list)[at], luck, depth + 1);
    switch (pick(luck, 4)) {
      case 0: list->erase(list->begin() + std::ptrdiff_t(at)); break;
      case 1: list->insert(list->begin(), json::value((*list)[at])); break;
      case 2: std::swap((*list)[at], list->front()); break;
      default: (*list)[at] = another_value(luck);
    }
  } else {
    value = another_value(luck);
  }
}

plugin_response changed(plugin_response from, random& luck) {
  if (pick(luck, 4) == 0) return adversities()[pick(luck, adversities().size())].change(std::move(from));
  if (pick(luck, 6) == 0) from.status = 200 + std::uint32_t(pick(luck, 400));
  boost::system::error_code failure;
  auto body = json::parse(from.body, failure);
  if (failure || pick(luck, 8) == 0) {
    from.body.resize(pick(luck, from.body.size() + 1));
    return from;
  }
  for (auto changes = 1 + pick(luck, 3); changes > 0; --changes) change(body, luck, 0);
  from.body = json::serialize(body);
  return from;
}

}  // namespace

void fuzz_once(const std::shared_ptr<const plugin_library>& plugin, const std::vector<transcript>& bases, std::uint64_t seed,
               const std::filesystem::path& findings) {
  random luck(seed);
  const auto& base = bases[pick(luck, bases.size())];
  const auto job = base.job.kind == "sync" && pick(luck, 3) == 0 ? in_doubt(plugin->manifest(), base.job) : base.job;
  const auto usual = answers_of(base);
  played seen;
  const responder answer = [&](const plugin_request& request, std::size_t number) {
    auto response = usual(request, number);
    if (pick(luck, 3) == 0) response = changed(std::move(response), luck);
    seen.turns.emplace_back().exchanges.push_back({request, response});
    return response;
  };
  try {
    (void)play(plugin, job, answer);
  } catch (const finding& found) {
    const auto file = findings / ("finding-" + std::to_string(seed) + ".json");
    std::ofstream(file) << to_json(plugin->manifest(), job, seen);
    throw finding(std::string(found.what()) + " (the conversation is in " + file.string() + ")", found.rule);
  }
}

fuzz_end fuzz(const std::function<std::shared_ptr<const plugin_library>()>& load, const std::vector<transcript>& bases,
              std::chrono::seconds how_long, std::uint64_t seed, const std::filesystem::path& findings) {
  constexpr std::uint64_t plays_per_child = 500;
  // Where a child is, for when it crashes.
  auto* at = static_cast<std::uint64_t*>(mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (at == MAP_FAILED) throw std::runtime_error("no shared memory for fuzzing");
  fuzz_end made;
  const auto deadline = std::chrono::steady_clock::now() + how_long;
  while (made.passed && std::chrono::steady_clock::now() < deadline) {
    const auto end = in_child(
        [&] {
          const auto plugin = load();
          for (std::uint64_t i = 0; i < plays_per_child && std::chrono::steady_clock::now() < deadline; ++i) {
            *at = seed + i;
            fuzz_once(plugin, bases, *at, findings);
          }
          return std::string();
        },
        std::chrono::seconds(120));
    made.plays += *at - seed + 1;
    made.passed = end.passed;
    made.seed = *at;
    made.what = end.what;
    made.rule = end.rule;
    seed = *at + 1;
  }
  munmap(at, sizeof(std::uint64_t));
  return made;
}

}  // namespace leadsync::kit
