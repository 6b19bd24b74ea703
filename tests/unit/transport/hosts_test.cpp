#include "transport/hosts.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

const host_policy policy("https://api.acme.test/", {"API.acme.test", "*.eu.acme.test", "files.acme.test:8443"});

TEST(Hosts, AddsRelativePathsToTheBase) { EXPECT_EQ(*policy.resolve("/v3/contacts?limit=1"), "https://api.acme.test/v3/contacts?limit=1"); }

TEST(Hosts, AdmitsDeclaredHostsInAnyCaseOnTheirPorts) {
  for (const char* url : {"https://api.acme.test/x", "HTTPS://Api.ACME.test/x", "https://api.acme.test:443/x", "https://a.eu.acme.test/",
                          "https://a.b.eu.acme.test/", "https://files.acme.test:8443/"})
    EXPECT_TRUE(policy.resolve(url)) << url;
}

TEST(Hosts, RefusesAllElse) {
  for (const char* url :
       {"https://evil.test/", "https://api.acme.test@evil.test/", "https://api.acme.test:x@evil.test/", "https://user@api.acme.test/",
        "https://api.acme.test.evil.test/", "https://evilapi.acme.test/", "https://eu.acme.test/", "https://.eu.acme.test.evil.test/",
        "https://api.acme.test:8443/", "https://files.acme.test/", "https://api.acme.test\\@evil.test/", "https:\\\\api.acme.test/",
        "https://api.acme.test/\r\nHost: evil.test", "https://api.acme.test/a b", "https://api.acme.test#@evil.test/", "http://api.acme.test/",
        "ftp://api.acme.test/", "file:///etc/passwd", "//evil.test/x@", "evil.test/x", "", "https://", "https://[::1]/", "https://127.0.0.1/",
        "https://api.acme.test%2eevil.test/", "https://api.acme.test./", "https://\xc3\xa4.eu.acme.test/", "https://api.acme.test:0/",
        "https://api.acme.test/{{secret:access_token}}"}) {
    const auto got = policy.resolve(url);
    // A path that begins with two slashes stays a path.
    EXPECT_TRUE(!got || got->starts_with("https://api.acme.test//")) << url << " became " << *got;
  }
}

TEST(Hosts, AdmitsTheHostOfTheOperatorsBaseAlsoWithoutTls) {
  const host_policy local("http://127.0.0.1:9000", {"127.0.0.1", "api.acme.test"});
  EXPECT_TRUE(local.resolve("/x"));
  EXPECT_TRUE(local.resolve("http://127.0.0.1:9000/x"));
  EXPECT_FALSE(local.resolve("http://127.0.0.1:9001/x"));
  EXPECT_FALSE(local.resolve("http://api.acme.test/x")) << "plain text leaves the machine only where the operator wrote it";
  const host_policy inner("http://crm.internal:8080", {});
  EXPECT_TRUE(inner.resolve("/x"));
  const host_policy six("http://[::1]:9000", {});
  EXPECT_TRUE(six.resolve("/x"));
}

TEST(Hosts, ChangesTheBaseOnlyToAnAdmittedHost) {
  host_policy changing("https://login.acme.test", {"*.acme.test"});
  EXPECT_FALSE(changing.change_base("https://evil.test"));
  ASSERT_TRUE(changing.change_base("https://na7.acme.test/"));
  EXPECT_EQ(*changing.resolve("/x"), "https://na7.acme.test/x");
  EXPECT_TRUE(changing.resolve("https://login.acme.test/token"));
}

}  // namespace
}  // namespace leadsync
