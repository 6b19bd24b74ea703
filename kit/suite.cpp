#include "suite.h"

#include "adversity.h"
#include "shared_library.h"
#include "finding.h"
#include "sandbox.h"

#include <boost/json.hpp>

#include <malloc.h>

#include <algorithm>
#include <thread>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace leadsync::kit {
namespace {

using library = std::shared_ptr<const plugin_library>;

void exports_one_symbol(const std::filesystem::path& file) {
  const auto exported = read_shared_library(file).exported;
  std::string others;
  for (const auto& each : exported)
    if (each != "leadsync_plugin_entry") others += (others.empty() ? "" : ", ") + each;
  if (!others.empty())
    throw finding("it exports more than leadsync_plugin_entry: " + others.substr(0, 300), "sdk/plugin.h, leadsync_plugin_entry: the only exported symbol; leadsync_add_plugin() sees to it");
}

void is_never_unloaded(const std::filesystem::path& file) {
  if (!read_shared_library(file).never_unloaded)
    throw finding("it is not linked with -z nodelete", "sdk/README.md: leadsync_add_plugin() does; by hand: -Wl,-z,nodelete");
}

void is_consistent(const plugin_manifest& about) {
  if (!about.offers("sync")) throw finding("the manifest offers no job \"sync\"", "sdk/protocol.md, Manifest: jobs");
  if (!about.offers("describe")) throw finding("the manifest offers no job \"describe\": nothing can be checked before it is sent", "sdk/protocol.md, Manifest: jobs");
  for (const auto& each : about.default_mapping)
    if (std::none_of(about.objects.begin(), about.objects.end(), [&](const auto& object) { return object.name == each.object; }))
      throw finding("default_mapping maps to object \"" + each.object + "\", which the manifest does not have", "sdk/protocol.md, Manifest: objects");
  for (const auto& object : about.objects)
    if (std::none_of(about.default_mapping.begin(), about.default_mapping.end(), [&](const auto& each) { return each.object == object.name; }))
      throw finding("default_mapping has nothing for object \"" + object.name + "\": a fresh integration would never write one", "sdk/protocol.md, Manifest: default_mapping");
  const bool authorizes = std::any_of(about.credentials.begin(), about.credentials.end(), [](const auto& each) { return each.authorize; });
  if (authorizes && !about.offers("authorize"))
    throw finding("a credential has \"authorize\": true, and the manifest offers no job \"authorize\"", "sdk/protocol.md, Manifest: credentials");
  if (std::none_of(about.limits.begin(), about.limits.end(), [](const auto& each) { return each.is_default; }))
    throw finding("no limit has \"default\": true, so requests that name no cost are not limited at all", "sdk/protocol.md, Manifest: limits");
}

void refuses_job(const library& plugin, const std::string& text) {
  sample_job job{.kind = "check", .json = text};
  const auto session = play(plugin, job, [](const plugin_request& request, std::size_t) { return plain_answer(request); });
  auto failure = parse_job_failure(session.result_json);
  if (failure && !*failure)
    throw finding("a job that makes no sense ends as if it had been done: " + text.substr(0, 100), "sdk/plugin.h, leadsync_plugin.open: what is wrong with the job is the result of a DONE step");
}

void says_the_same_twice(const library& plugin, const transcript& base) {
  const auto first = play(plugin, base.job, answers_of(base));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  const auto second = play(plugin, base.job, answers_of(base));
  const auto left = first.requests(), right = second.requests();
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const auto a = i < left.size() ? text_of(left[i]->request) : "nothing", b = i < right.size() ? text_of(right[i]->request) : "nothing";
    if (a != b) throw finding("played twice with the same answers, request " + std::to_string(i) + " is once\n" + a + "\nand once\n" + b,
                              "sdk/README.md: no clock, no randomness; the job has now and seed");
  }
}

void replays(const library& plugin, const transcript& recorded) {
  const auto now = play(plugin, recorded.job, answers_of(recorded));
  const auto before = recorded.session.requests(), after = now.requests();
  for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
    const auto a = i < before.size() ? text_of(before[i]->request) : "nothing", b = i < after.size() ? text_of(after[i]->request) : "nothing";
    if (a != b) throw finding("request " + std::to_string(i) + " of the transcript was\n" + a + "\nand is now\n" + b, "the transcript; record it anew where the change is meant");
  }
}

void looks_up_before_blind_writes(const library& plugin, const transcript& base) {
  const auto session = play(plugin, in_doubt(plugin->manifest(), base.job), answers_of(base));
  std::vector<bool> looked_up(base.job.entries.size());
  for (const auto* each : session.requests()) {
    if (each->request.effect == plugin_effect::read)
      for (const auto lead : each->request.leads) looked_up[lead] = true;
    if (each->request.effect != plugin_effect::blind_write) continue;
    for (const auto lead : each->request.leads)
      if (!looked_up[lead])
        throw finding("lead " + std::to_string(lead) + " is \"ambiguous\", and " + each->request.method + " " + each->request.url +
                          " writes it blindly: no read has looked for it before", "sdk/protocol.md, Job: ambiguous");
  }
}

/// Bytes that each of many equal rounds leaves behind.
std::size_t left_behind(const std::function<void()>& round) {
  constexpr int rounds = 100;
#ifdef __SANITIZE_ADDRESS__
  for (int i = 0; i < rounds; ++i) round();
  return __lsan_do_recoverable_leak_check() ? 1000 : 0;
#else
  for (int i = 0; i < rounds; ++i) round();
  const auto before = mallinfo2().uordblks;
  for (int i = 0; i < rounds; ++i) round();
  const auto after = mallinfo2().uordblks;
  return after > before ? (after - before) / rounds : 0;
#endif
}

void closes_anywhere(const library& plugin, const transcript& base) {
  constexpr std::size_t noise = 16;  // of the allocator
  const auto turns = play(plugin, base.job, answers_of(base)).turns.size();
  for (std::size_t turn = 0; turn <= turns; ++turn) {
    const auto left = left_behind([&] { play_and_close(plugin, base.job, answers_of(base), turn); });
    if (left > noise)
      throw finding("closed after " + std::to_string(turn) + " steps, a session leaves memory behind (" + std::to_string(left) + " bytes of each)",
                    "sdk/plugin.h, leadsync_plugin.close: after any step, also where its answers never came");
  }
}

void survives(const library& plugin, const transcript& base, const adversity& trouble) {
  const auto count = play(plugin, base.job, answers_of(base)).requests().size();
  for (std::size_t k = 0; k < count; ++k) {
    const auto usual = answers_of(base);
    try {
      (void)play(plugin, base.job, [&](const plugin_request& request, std::size_t number) {
        auto answer = usual(request, number);
        return number == k ? trouble.change(std::move(answer)) : answer;
      });
    } catch (const finding& found) {
      throw finding("where request " + std::to_string(k) + " is answered by " + trouble.name + ": " + found.what(), found.rule);
    }
  }
}

}  // namespace

library load(const std::filesystem::path& file) {
  auto loaded = plugin_library::load(std::filesystem::absolute(file));
  if (!loaded) throw finding(loaded.error().context, "sdk/plugin.h, leadsync_plugin_entry");
  return *loaded;
}

std::vector<transcript> bases_of(const plugin_manifest& about, std::vector<transcript> recorded) {
  const auto base = about.api_base.empty() ? "https://" + (about.hosts.empty() ? std::string("api.example") : about.hosts.front()) : about.api_base;
  const auto credential = about.credentials.empty() ? std::string() : about.credentials.back().kind;
  for (const auto* kind : {"authorize", "check", "describe", "provision", "sync"}) {
    const bool known = std::any_of(recorded.begin(), recorded.end(), [&](const auto& each) { return each.job.kind == kind; });
    if (known || !about.offers(kind)) continue;
    auto& made = recorded.emplace_back();
    made.name = std::string("plain_") + kind;
    made.job = kind == std::string("sync") ? sample_sync_job(about, "", base, "{}", "") : sample_simple_job(about, kind, credential, base, "{}");
  }
  return recorded;
}

std::vector<test_case> cases_for(const std::filesystem::path& file, const plugin_manifest& about, const std::vector<transcript>& recorded,
                                 const std::vector<transcript>& bases) {
  std::vector<test_case> made;
  made.push_back({"file.exports_one_symbol", [file] { exports_one_symbol(file); }});
  made.push_back({"file.is_never_unloaded", [file] { is_never_unloaded(file); }});
  made.push_back({"manifest.is_consistent", [about] { is_consistent(about); }});
  made.push_back({"open.refuses_an_unknown_job", [file] { refuses_job(load(file), R"({"kind":"no such kind","protocol":1,"now":"2026-01-01T00:00:00.000Z","seed":"1","settings":{}})"); }});
  made.push_back({"open.refuses_what_is_no_job", [file] { refuses_job(load(file), R"({"kind":"sync","leads":[{"lead":)"); }});
  for (const auto& base : bases) {
    const auto add = [&](const std::string& name, std::function<void(const library&, const transcript&)> what) {
      made.push_back({base.name + "." + name, [file, base, what = std::move(what)] { what(load(file), base); }});
    };
    add("keeps_the_contract", [](const library& plugin, const transcript& from) { (void)play(plugin, from.job, answers_of(from)); });
    if (std::any_of(recorded.begin(), recorded.end(), [&](const auto& each) { return each.name == base.name; })) add("replays", replays);
    add("says_the_same_twice", says_the_same_twice);
    add("opens_no_file_and_no_socket", [](const library& plugin, const transcript& from) {
      forbid_input_and_output();
      (void)play(plugin, from.job, answers_of(from));
    });
    add("closes_anywhere", closes_anywhere);
    if (base.job.kind == "sync") add("looks_up_before_blind_writes", looks_up_before_blind_writes);
    for (const auto& trouble : adversities())
      add("survives." + trouble.name, [&trouble](const library& plugin, const transcript& from) { survives(plugin, from, trouble); });
  }
  return made;
}

}  // namespace leadsync::kit
