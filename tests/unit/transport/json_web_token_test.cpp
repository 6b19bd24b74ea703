#include "transport/json_web_token.h"
#include "transport/placeholders.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace leadsync {
namespace {

std::string rsa_private_key() {
  EVP_PKEY* const key = EVP_RSA_gen(2048);
  BIO* const out = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out, &data);
  std::string pem(data, std::size_t(size));
  BIO_free(out);
  EVP_PKEY_free(key);
  return pem;
}

bool verifies(const std::string& text, const std::string& signature, const std::string& pem) {
  BIO* const in = BIO_new_mem_buf(pem.data(), int(pem.size()));
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key);
  const bool good = EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  BIO_free(in);
  return good;
}

TEST(TokenPlaceholders, AreSignedClaims) {
  const auto key = secret(rsa_private_key());
  const secret_map app{{"private_key", key}, {"client_id", secret("the-app")}};
  header_list headers{{"content-type", "application/x-www-form-urlencoded"}};
  // {"iss":"{{secret:client_id}}","aud":"https://login.example"}
  std::string body = "assertion={{jwt:private_key:eyJpc3MiOiJ7e3NlY3JldDpjbGllbnRfaWR9fSIsImF1ZCI6Imh0dHBzOi8vbG9naW4uZXhhbXBsZSJ9}}&x=1";
  ASSERT_TRUE(fill(headers, body, app));
  ASSERT_TRUE(body.starts_with("assertion=eyJ") && body.ends_with("&x=1")) << body;
  const auto token = body.substr(10, body.size() - 14);
  const auto first = token.find('.'), second = token.rfind('.');
  const auto claims = boost::json::parse(*decode_base64url(token.substr(first + 1, second - first - 1))).as_object();
  EXPECT_EQ(claims.at("iss"), "the-app");
  EXPECT_EQ(claims.at("exp").as_int64() - claims.at("iat").as_int64(), 180);
  EXPECT_TRUE(verifies(token.substr(0, second), *decode_base64url(token.substr(second + 1)), key.reveal()));
}

TEST(TokenPlaceholders, SayWhatIsWrongAndNeverTheKey) {
  const secret_map app{{"private_key", secret("-----BEGIN NOTHING-----")}};
  const auto why = [&](std::string body) {
    header_list headers;
    const auto filled = fill(headers, body, app);
    return filled ? std::string("filled") : filled.error().context;
  };
  EXPECT_NE(why("{{jwt:private_key:e30}}").find("the private key is no RSA key in PEM"), std::string::npos);
  EXPECT_EQ(why("{{jwt:private_key:e30}}").find("BEGIN NOTHING"), std::string::npos);
  EXPECT_NE(why("{{jwt:private_key:!}}").find("no base64url"), std::string::npos);
  EXPECT_NE(why("{{jwt:private_key:W10}}").find("no JSON object"), std::string::npos);
  EXPECT_NE(why("{{jwt:private_key}}").find("lacks its claims"), std::string::npos);
  EXPECT_NE(why("{{jwt:other:e30}}").find("no secret \"other\""), std::string::npos);
}

}  // namespace
}  // namespace leadsync
