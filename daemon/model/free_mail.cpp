#include "model/free_mail.h"

#include <algorithm>
#include <array>

namespace leadsync {
namespace {

/// Providers that use many endings: "yahoo.co.jp".
constexpr std::array<std::string_view, 6> any_ending{"yahoo", "hotmail", "gmx", "outlook", "ymail", "yandex"};

constexpr std::array<std::string_view, 72> exact{
    "126.com", "163.com", "alice.it", "aliyun.com", "aol.com", "arcor.de", "att.net", "bellsouth.net", "bigpond.com",
    "bk.ru", "bluewin.ch", "bol.com.br", "btinternet.com", "charter.net", "comcast.net", "cox.net", "daum.net",
    "earthlink.net", "fastmail.com", "fastmail.fm", "foxmail.com", "free.fr", "freenet.de", "gmail.com", "googlemail.com",
    "hanmail.net", "hey.com", "hushmail.com", "icloud.com", "inbox.ru", "kpnmail.nl", "laposte.net", "libero.it", "list.ru",
    "live.co.uk", "live.com", "live.de", "live.fr", "live.nl", "mac.com", "mail.com", "mail.ru", "mailbox.org", "me.com",
    "msn.com", "naver.com", "neuf.fr", "o2.pl", "onet.pl", "online.de", "orange.fr", "pm.me", "posteo.de", "proton.me",
    "protonmail.com", "qq.com", "rediffmail.com", "rocketmail.com", "sbcglobal.net", "seznam.cz", "sfr.fr", "sina.com",
    "t-online.de", "terra.com.br", "tiscali.it", "tutanota.com", "uol.com.br", "verizon.net", "virgilio.it", "wanadoo.fr",
    "web.de", "wp.pl"};
static_assert(std::is_sorted(exact.begin(), exact.end()));

}  // namespace

bool is_free_mail(std::string_view domain) {
  if (std::binary_search(exact.begin(), exact.end(), domain)) return true;
  const auto dot = domain.find('.');
  if (dot == std::string_view::npos || std::count(domain.begin(), domain.end(), '.') > 2) return false;
  return std::find(any_ending.begin(), any_ending.end(), domain.substr(0, dot)) != any_ending.end();
}

}  // namespace leadsync
