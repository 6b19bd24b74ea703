// What the store carries, in a folder given as argument (default: a new one in $TMPDIR): store_bench [FOLDER] [DELIVERIES]
#include "store/store.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace leadsync;
namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;

namespace {

double milliseconds_since(clock_type::time_point begin) {
  return std::chrono::duration<double, std::milli>(clock_type::now() - begin).count();
}

/// Of the whole process: what counts on a busy machine.
double cpu_milliseconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

void print(const char* name, double value, const char* unit) { std::printf("%-48s %12.2f %s\n", name, value, unit); std::fflush(stdout); }

template <class Value>
void finish(std::exception_ptr failure, result<Value>& into, result<Value> value) {
  if (failure) std::rethrow_exception(failure);
  into = std::move(value);
}

/// Outlives the store, as the contract asks.
asio::io_context& shared_context() {
  static asio::io_context context(1);
  context.restart();
  return context;
}

template <class Value>
auto wait_for(store::task<Value> work) {
  auto& context = shared_context();
  result<Value> outcome = make_error(errc::cancelled, "never ran");
  asio::co_spawn(context, std::move(work), [&outcome](std::exception_ptr failure, result<Value> value) { finish(failure, outcome, std::move(value)); });
  context.run();
  return outcome.value();
}

captured_lead make_lead(std::int64_t number) {
  captured_lead lead;
  const auto text = std::to_string(number);
  lead.event = "Expo 2026";
  lead.document.set_field("email", "visitor" + text + "@company" + std::to_string(number % 50'000) + ".example");
  lead.document.set_field("first_name", "Ada" + text);
  lead.document.set_field("last_name", "Lovelace");
  lead.document.set_field("company", "Company " + std::to_string(number % 50'000));
  lead.document.set_field("job_title", "Head of Analytical Engines");
  lead.document.set_field("phone", "+49 30 1234567");
  lead.document.set_field("country", "Germany");
  lead.document.set_field("notes", "Wants a demonstration of the new line before the end of the quarter, and a price list for Europe.");
  lead.document.set_qualifier("Timeline", {"This quarter"});
  lead.document.set_qualifier("Interest", {"Engines", "Looms"});
  return lead;
}

std::vector<captured_lead> make_leads(std::int64_t first, int count) {
  std::vector<captured_lead> leads;
  for (int i = 0; i < count; ++i) leads.push_back(make_lead(first + i));
  return leads;
}

double measure_fdatasync(const std::filesystem::path& folder) {
  const auto file = folder / "fdatasync";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT, 0600);
  const std::string block(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 200; ++i) {
    const auto begin = clock_type::now();
    if (::pwrite(descriptor, block.data(), block.size(), i * 4096) < 0 || ::fdatasync(descriptor) != 0) break;
    times.push_back(milliseconds_since(begin));
  }
  ::close(descriptor);
  std::sort(times.begin(), times.end());
  return times.empty() ? 0 : times[times.size() / 2];
}

std::int64_t next_lead = 0;

store::task<> add_singles(store& to, std::int64_t first, int count) {
  for (int i = 0; i < count; ++i) {
    auto one = make_leads(first + i, 1);
    auto added = co_await to.add_leads(import_id{}, std::move(one));
    if (!added) co_return added.error();
  }
  co_return result<>();
}

void bench_singles(store& to, int in_flight, int each) {
  auto& context = shared_context();
  const auto begin = clock_type::now();
  const auto cpu = cpu_milliseconds();
  for (int i = 0; i < in_flight; ++i, next_lead += each)
    asio::co_spawn(context, add_singles(to, next_lead, each), [](std::exception_ptr failure, result<> outcome) {
      if (failure || !outcome) std::abort();
    });
  context.run();
  print("  CPU", (cpu_milliseconds() - cpu) / in_flight / each * 1000, "us/lead");
  print(("singles, " + std::to_string(in_flight) + " in flight").c_str(), in_flight * each / milliseconds_since(begin) * 1000, "leads/s");
}

enum class failing { every_third, all_alike };

attempt_outcome outcome_of(const claimed_delivery& claimed, failing how) {
  const bool fails = how == failing::all_alike || claimed.delivery.value % 3 == 0;
  attempt_outcome outcome;
  outcome.delivery = claimed.delivery;
  outcome.lead_revision = claimed.lead_revision;
  outcome.next = fails ? delivery_state::failed : delivery_state::cleared;
  outcome.started_at = outcome.finished_at = now();
  outcome.phases_json = R"([{"phase":"person","status":"ok","request":0,"request_pointer":"/inputs/4","response_pointer":"/results/4"}])";
  if (fails) {
    static constexpr category kinds[] = {category::no_tag_mapping, category::data_value_validation, category::missing_remote_field, category::data_too_long};
    const auto kind = std::size_t(claimed.delivery.value % 4);
    outcome.what = how == failing::all_alike ? category::required_field_missing : kinds[kind];
    const auto field = how == failing::all_alike ? 0 : claimed.delivery.value % 8;
    outcome.where = {"contact", "field" + std::to_string(field), "qualifier:Timeline", ""};
    outcome.message = "This quarter was not one of the allowed options";
    outcome.crm_code = "INVALID_OPTION";
  } else {
    outcome.remote_ids = {{"contact", std::to_string(claimed.delivery.value), "https://crm.example/contact/1"}};
  }
  outcome.phases_done = {"person"};
  return outcome;
}

/// Claims and closes `count` deliveries in runs of 100.
void bench_runs(store& on, integration_id integration, std::int64_t count, failing how, bool report) {
  double open = 0;
  double close = 0;
  double open_cpu = 0;
  double close_cpu = 0;
  double ready = 0;
  std::int64_t done = 0;
  int runs = 0;
  while (done < count) {
    auto begin = clock_type::now();
    const auto window = wait_for<std::vector<ready_delivery>>(on.ready(integration, {}, now(), {}, 4096));
    ready = std::max(ready, milliseconds_since(begin));
    if (window.empty()) break;
    for (std::size_t first = 0; first < window.size() && done < count; first += 100) {
      std::vector<delivery_id> ids;
      for (std::size_t i = first; i < std::min(window.size(), first + 100); ++i) ids.push_back(window[i].delivery);
      begin = clock_type::now();
      auto cpu = cpu_milliseconds();
      const auto run = wait_for<opened_run>(on.open_run(integration, ids, 1));
      open += milliseconds_since(begin);
      open_cpu += cpu_milliseconds() - cpu;
      std::vector<attempt_outcome> outcomes;
      for (const auto& claimed : run.deliveries) outcomes.push_back(outcome_of(claimed, how));
      std::vector<exchange_record> exchanges(1);
      exchanges.front().request_body = std::string(58'000, 'r');
      exchanges.front().response_body = std::string(72'000, 'a');
      begin = clock_type::now();
      cpu = cpu_milliseconds();
      (void)wait_for<std::vector<delivery_id>>(on.close_run(run.run, outcomes, exchanges, {}));
      close += milliseconds_since(begin);
      close_cpu += cpu_milliseconds() - cpu;
      done += std::int64_t(ids.size());
      ++runs;
    }
  }
  if (!report) return;
  print("ready(4096), longest", ready, "ms");
  print("open_run(100)", open / runs, "ms");
  print("close_run(100)", close / runs, "ms");
  print("  CPU of open_run(100)", open_cpu / runs, "ms");
  print("  CPU of close_run(100)", close_cpu / runs, "ms");
  print("open and close", double(done) / (open + close) * 1000, "deliveries/s");
}

template <class Work>
void bench_read(const char* name, Work work) {
  std::vector<double> times;
  for (int i = 0; i < 20; ++i) {
    const auto begin = clock_type::now();
    (void)work();
    times.push_back(milliseconds_since(begin));
  }
  std::sort(times.begin(), times.end());
  print(name, times[times.size() / 2], "ms");
}

struct stall {
  double longest = 0;
  bool stop = false;
};

store::task<> intake_meanwhile(store& to, std::shared_ptr<stall> seen, std::int64_t first, std::size_t count) {
  for (std::size_t i = 0; i < count && !seen->stop; ++i) {
    auto one = make_leads(first + std::int64_t(i), 1);
    const auto begin = clock_type::now();
    auto added = co_await to.add_leads(import_id{}, std::move(one));
    if (!added) co_return added.error();
    seen->longest = std::max(seen->longest, milliseconds_since(begin));
  }
  co_return result<>();
}

store::task<> apply(store& to, operation_id operation, std::shared_ptr<stall> seen) {
  for (;;) {
    auto step = co_await to.advance_operation(operation, 10'000);
    if (!step) co_return step.error();
    if (step->state != "applying") break;
  }
  seen->stop = true;
  co_return result<>();
}

void bench_retry(store& on, integration_id integration, category what, std::size_t intake) {
  operation_seed seed;
  seed.integration = integration;
  seed.filter.what = what;
  auto begin = clock_type::now();
  const auto operation = wait_for<operation_record>(on.create_operation(seed));
  print("retry: acknowledged in", milliseconds_since(begin), "ms");
  const auto first = next_lead;
  next_lead += std::int64_t(intake);
  auto seen = std::make_shared<stall>();
  auto& context = shared_context();
  const auto check = [](std::exception_ptr failure, result<> outcome) {
    if (failure || !outcome) std::abort();
  };
  begin = clock_type::now();
  const auto cpu = cpu_milliseconds();
  asio::co_spawn(context, apply(on, operation.id, seen), check);
  asio::co_spawn(context, intake_meanwhile(on, seen, first, intake), check);
  context.run();
  print("retry: deliveries", double(operation.total), "");
  print("retry: all applied in", milliseconds_since(begin), "ms");
  print("  CPU", (cpu_milliseconds() - cpu) / double(operation.total) * 1000, "us/delivery, with the intake");
  print("retry: longest single add_leads meanwhile", seen->longest, "ms");
}

long resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  long size = 0;
  long resident = 0;
  file >> size >> resident;
  return resident * 4096 / 1'000'000;
}

}  // namespace

int main(int argc, char** argv) {
  const auto folder = argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path() / ("store_bench." + std::to_string(::getpid()));
  const std::int64_t deliveries = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
  std::filesystem::create_directories(folder);
  print("fdatasync, median", measure_fdatasync(folder), "ms");
  auto opened = open_sqlite_store({folder});
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().context.c_str());
    return 1;
  }
  auto& on = **opened;
  const auto integrations = wait_for<std::vector<integration_record>>(on.register_integrations({{"crm", "plugin"}}));
  const auto integration = integrations.front().id;

  bench_singles(on, 1, 2'000);
  bench_singles(on, 64, 1'000);
  double elapsed = 0;
  double cpu = 0;
  std::int64_t added = 0;
  while (next_lead < deliveries) {
    auto leads = make_leads(next_lead, 1000);
    next_lead += 1000;
    const auto begin = clock_type::now();
    const auto cpu_begin = cpu_milliseconds();
    (void)wait_for<std::vector<accepted_lead>>(on.add_leads({}, std::move(leads)));
    elapsed += milliseconds_since(begin);
    cpu += cpu_milliseconds() - cpu_begin;
    added += 1000;
    if (added == 100'000) print("add_leads(1000), first 100,000", double(added) / elapsed * 1000, "leads/s");
  }
  print("add_leads(1000), all", double(added) / elapsed * 1000, "leads/s");
  print("  CPU", cpu / double(added) * 1000, "us/lead");
  print("resident", double(resident_megabytes()), "MB");
  bench_singles(on, 64, 500);

  bench_runs(on, integration, 20'000, failing::every_third, true);
  bench_runs(on, integration, deliveries * 8 / 10, failing::every_third, true);
  bench_read("summary", [&] { return wait_for<summary_record>(on.summary(integration, {})); });
  bench_read("groups", [&] { return wait_for<std::vector<locus_count>>(on.groups(integration, {})); });
  bench_read("deliveries, failed, page of 50", [&] {
    delivery_filter failed;
    failed.state = delivery_state::failed;
    return wait_for<delivery_page>(on.deliveries(integration, failed, "", 50));
  });
  bench_read("ready(4096)", [&] { return wait_for<std::vector<ready_delivery>>(on.ready(integration, {}, now(), {}, 4096)); });
  bench_read("deliveries with a text, page of 50", [&] {
    delivery_filter text;
    text.text = "ada77777";
    return wait_for<delivery_page>(on.deliveries(integration, text, "", 50));
  });
  std::printf("retry of a group scattered over all\n");
  bench_retry(on, integration, category::no_tag_mapping, 20'000);
  bench_runs(on, integration, deliveries, failing::every_third, false);
  for (int i = 0; i < 200; ++i, next_lead += 1000) (void)wait_for<std::vector<accepted_lead>>(on.add_leads({}, make_leads(next_lead, 1000)));
  bench_runs(on, integration, 200'000, failing::all_alike, false);
  std::printf("retry of a group that failed together\n");
  bench_retry(on, integration, category::required_field_missing, 20'000);
  const auto differences = wait_for<std::vector<std::string>>(on.verify_counts());
  print("differences of counts", double(differences.size()), "");
  print("resident", double(resident_megabytes()), "MB");
  print("log", double(std::filesystem::file_size(folder / "leadsync.db-wal")) / 1e6, "MB");
  print("database", double(std::filesystem::file_size(folder / "leadsync.db")) / 1e6, "MB");
  on.stop();
  if (argc <= 1) std::filesystem::remove_all(folder);
}
