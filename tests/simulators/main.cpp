#include "hubspot/hubspot.h"
#include "http/server.h"
#include "pipedrive/pipedrive.h"
#include "rest/rest.h"
#include "salesforce/salesforce.h"
#include "simulator.h"
#include "zoho/zoho.h"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>

#include <malloc.h>

#include <cstdio>
#include <fstream>

namespace {

using namespace leadsync::simulator;

std::unique_ptr<crm> make_crm(const std::string& name, std::uint64_t seed, const std::vector<std::string>& tokens) {
  if (name == "hubspot") return std::make_unique<hubspot::hubspot_crm>(seed, tokens.empty() ? std::vector<std::string>{"pat-na1-simulator"} : tokens);
  if (name == "zoho") return std::make_unique<zoho::zoho_crm>(seed, tokens.empty() ? std::vector<std::string>{"1000.simulator"} : tokens);
  if (name == "pipedrive") return std::make_unique<pipedrive::pipedrive_crm>(seed, tokens.empty() ? std::vector<std::string>{"pipedrive-token-simulator"} : tokens);
  if (name == "salesforce") return std::make_unique<salesforce::salesforce_crm>(seed, tokens.empty() ? std::vector<std::string>{"00D5e000000PROD!simulator"} : tokens);
  if (name == "rest") return std::make_unique<rest::rest_crm>(tokens.empty() ? std::vector<std::string>{"rest-simulator"} : tokens);
  return nullptr;
}

/// Complete or absent: whoever waits for the file must not read half of it.
void write_port_file(const std::string& path, std::uint16_t port) {
  const std::string partial = path + ".partial";
  std::ofstream(partial) << port << '\n';
  if (std::rename(partial.c_str(), path.c_str()) != 0) throw std::runtime_error("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options("A CRM that is not one: computes the answers of the real API, on this machine. See /_simulator/ for what it can be told.");
  std::string crm_name = "hubspot";
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string port_file;
  std::uint64_t seed = 1;
  std::vector<std::string> tokens;
  options.add_option("--crm", crm_name, "Which CRM")->check(CLI::IsMember({"hubspot", "zoho", "pipedrive", "salesforce", "rest"}))->capture_default_str();
  options.add_option("--address", address, "Address to listen on")->capture_default_str();
  options.add_option("--port", port, "Port to listen on, 0 for any")->capture_default_str();
  options.add_option("--port-file", port_file, "Write the port to this file when ready");
  options.add_option("--seed", seed, "Of everything random: ids, order of results, faults, delays")->capture_default_str();
  options.add_option("--token", tokens, "A static token that is accepted; may be repeated (default: the CRM's own)");
  CLI11_PARSE(options, argc, argv);

  // Bodies of 100 kB would each be mapped and unmapped, and each free of one would sweep the small chunks: half of the time.
  mallopt(M_MMAP_THRESHOLD, 64 * 1024 * 1024);
  mallopt(M_TRIM_THRESHOLD, 256 * 1024 * 1024);
  mallopt(M_MXFAST, 0);
  try {
    simulator crm(make_crm(crm_name, seed, tokens), seed);
    boost::asio::io_context context(1);  // after the CRM: its destruction ends requests that are still delayed
    server http(context, crm, address, port);
    boost::asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&context](boost::system::error_code, int) { context.stop(); });
    http.start();
    if (!port_file.empty()) write_port_file(port_file, http.port());
    std::printf("listening on http://%s:%u\n", address.c_str(), static_cast<unsigned>(http.port()));
    std::fflush(stdout);
    context.run();
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "leadsync-simulator: %s\n", failure.what());
    return 1;
  }
}
