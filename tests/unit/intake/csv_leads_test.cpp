#include "collected.h"

namespace leadsync {
namespace {

TEST(CsvLeads, ReadsAPlainExport) {
  const auto all = read_leads(
      "First Name,Last Name,E-mail,Title,When do you buy?,Budget,Scan Date,Scan Time\r\n"
      "Ada,Lovelace,ada@engines.example,Countess,This quarter; Later,4.5,2026-11-25,9:05\r\n",
      "text/csv", {"Expo 26", "leads.csv", "America/New_York"});
  ASSERT_EQ(all.leads.size(), 1u) << all.failure;
  EXPECT_EQ(all.rows[0], 2u);
  EXPECT_EQ(all.leads[0].event, "Expo 26");
  EXPECT_EQ(all.field(0, "first_name"), "Ada");
  EXPECT_EQ(all.field(0, "job_title"), "Countess");
  EXPECT_EQ(all.answer(0, "When do you buy?"), "This quarter|Later");
  EXPECT_EQ(all.field(0, "custom:Budget"), "4.5");
  EXPECT_EQ(all.field(0, "captured_at"), "2026-11-25T09:05:00-05:00");
  EXPECT_EQ(all.field(0, "custom:source"), "leads.csv");
}

TEST(CsvLeads, ReadsGermanAndFrenchHeaders) {
  const auto german = read_leads("Anrede;Vorname;Name;Firma;E-Mail-Adresse;PLZ;Straße\nFrau;Jule;Müller;Bäcker & Söhne;j@b.example;10115;Weg 1\n");
  EXPECT_EQ(german.field(0, "honorific"), "Frau");
  EXPECT_EQ(german.field(0, "last_name"), "Müller");
  EXPECT_EQ(german.field(0, "full_name"), "Jule Müller");
  EXPECT_EQ(german.field(0, "company"), "Bäcker & Söhne");
  EXPECT_EQ(german.field(0, "email"), "j@b.example");
  EXPECT_EQ(german.field(0, "street"), "Weg 1");
  const auto french = read_leads("Prénom\tNom\tSociété\tCourriel\tDate de scan\tHeure\nZoé\tRoux\tÉcole\tz@e.example\t04/05/2026\t9h00\nL\tM\tN\tl@m.example\t25/05/2026\t14h30\n");
  EXPECT_EQ(french.field(0, "last_name"), "Roux");
  EXPECT_EQ(french.field(0, "captured_at"), "2026-05-04T09:00:00") << "the second row shows that the day comes first";
  EXPECT_EQ(french.field(1, "captured_at"), "2026-05-25T14:30:00");
}

TEST(CsvLeads, AnAmbiguousDateIsKeptRawAndNotGuessed) {
  const auto all = read_leads("Email,Scanned\na@b.example,04/05/2026\nc@b.example,46351.4\nd@b.example,2026-05-04\n");
  EXPECT_EQ(all.field(0, "captured_at"), "");
  EXPECT_EQ(all.field(0, "custom:captured_at"), "04/05/2026");
  EXPECT_EQ(all.field(1, "custom:captured_at"), "46351.4");
  EXPECT_EQ(all.field(2, "captured_at"), "2026-05-04");
}

TEST(CsvLeads, TheScanIsTheCaptureAlsoBehindAnotherDate) {
  const auto all = read_leads("Email,Created At,Scanned At\na@b.example,2026-01-01,2026-11-25T09:00:00Z\n");
  EXPECT_EQ(all.field(0, "captured_at"), "2026-11-25T09:00:00Z");
  EXPECT_EQ(all.field(0, "custom:Created At"), "2026-01-01");
}

TEST(CsvLeads, TitleIsDecidedByItsValues) {
  EXPECT_EQ(read_leads("Title,Email\nMr,a@b.example\nDr.,c@d.example\n").field(0, "honorific"), "Mr");
  EXPECT_EQ(read_leads("Title,Email\nBuyer,a@b.example\nDr.,c@d.example\n").field(0, "job_title"), "Buyer");
}

TEST(CsvLeads, FindsTheHeaderBelowAPreambleAndDropsTheTotals) {
  const auto all = read_leads(
      "sep=;\nLead report\nGenerated;2026-11-25\n\nE-Mail;Name;Firma\na@b.example;Ann Lee;B\n;;\nTotal;1\nGesamt: 1;;\n");
  ASSERT_EQ(all.leads.size(), 1u) << all.failure;
  EXPECT_EQ(all.rows[0], 6u);
  ASSERT_EQ(all.rejected.size(), 2u);
  EXPECT_EQ(all.rejected[0].row_number, 8u);
  EXPECT_EQ(all.rejected[0].raw, "Total;1");
  EXPECT_EQ(all.rejected[0].reason, "the row looks like a total, not like a lead");
}

TEST(CsvLeads, RowsThatCannotBeReadAreRejectedWithTheirNumber) {
  const auto all = read_leads("Company,Email,Note\nAcme,,call\nB,b@b.example\nC,c@c.example,yes, maybe\nD,d@d.example,\n");
  ASSERT_EQ(all.rejected.size(), 2u);
  EXPECT_EQ(all.rejected[0].row_number, 2u);
  EXPECT_EQ(all.rejected[0].reason, "no e-mail, badge, name or id: fill in one of them, or delete the row");
  EXPECT_EQ(all.rejected[1].row_number, 4u);
  EXPECT_EQ(all.leads.size(), 2u) << "a short row is a lead";
}

TEST(CsvLeads, BlankCellsBehindTheHeaderAreSurplusOnlyWhereEveryRowHasThem) {
  EXPECT_EQ(read_leads("Email,Note\na@b.example,x,\nc@d.example,y,\n").leads.size(), 2u);
  const auto shifted = read_leads("Email,Note,Owner\na@b.example,x, y,\nc@d.example,y,7\n");
  EXPECT_EQ(shifted.leads.size(), 1u);
  EXPECT_EQ(shifted.rejected.size(), 1u);
}

// eventyay quotes only where there is a comma.
TEST(CsvLeads, NotesWithUnquotedLineEndsArePutTogether) {
  const auto text = "ID,Attendee Name,Email,Note,Tags\n1,Ada L,ada@e.example,first line\n\nthird \"line\",hot\n2,Bo K,bo@e.example,plain,cold\n";
  for (const std::size_t piece : {1, 1000}) {
    const auto all = read_leads(text, "text/csv", {"Expo 26", "", ""}, piece);
    ASSERT_EQ(all.leads.size(), 2u);
    EXPECT_EQ(all.field(0, "notes"), "first line\n\nthird \"line\"");
    EXPECT_EQ(all.field(0, "tags"), "hot");
    EXPECT_EQ(all.field(1, "notes"), "plain");
    EXPECT_EQ(all.leads[0].external_id, "Expo 26/1") << "a row's number must not be one lead at every event";
  }
}

TEST(CsvLeads, DamagedNumbersIdentifyNobody) {
  const auto all = read_leads("Email,Phone,Badge ID\na@b.example,4.41234E+11,4.41234E+11\n");
  EXPECT_EQ(all.field(0, "phone"), "");
  EXPECT_EQ(all.field(0, "custom:phone_damaged"), "4.41234E+11");
  EXPECT_EQ(all.field(0, "badge"), "");
}

TEST(CsvLeads, SecondColumnsForAFieldAreKeptAsCustom) {
  const auto all = read_leads("Email,Work Email,Phone,Phone,Budget,Budget\na@b.example,c@d.example,1,2,x,y\n,e@f.example,,3,,z\n");
  EXPECT_EQ(all.field(0, "email"), "a@b.example");
  EXPECT_EQ(all.field(0, "custom:Work Email"), "c@d.example");
  EXPECT_EQ(all.field(0, "custom:Phone"), "2");
  EXPECT_EQ(all.field(0, "custom:Budget"), "x");
  EXPECT_EQ(all.field(0, "custom:Budget (2)"), "y");
  EXPECT_EQ(all.field(1, "email"), "e@f.example");
  EXPECT_EQ(all.field(1, "phone"), "3");
}

TEST(CsvLeads, AnEventColumnNamesTheEvent) {
  const auto all = read_leads("Email,Event\na@b.example,Fair\nc@d.example,\n", "text/csv", {"", "", ""});
  ASSERT_EQ(all.leads.size(), 1u);
  EXPECT_EQ(all.leads[0].event, "Fair");
  ASSERT_EQ(all.rejected.size(), 1u);
  EXPECT_TRUE(all.rejected[0].reason.starts_with("no event:"));
}

TEST(CsvLeads, WhatIsNoExportIsRefusedWithAdvice) {
  EXPECT_EQ(read_leads("").failure, "the file is empty");
  EXPECT_TRUE(read_leads("PK\x03\x04xxxxxxxx", "leads.xlsx").failure.starts_with("this is a spreadsheet file:"));
  EXPECT_TRUE(read_leads("a,b,c\n1,2,3\n").failure.starts_with("no header row was found:"));
  EXPECT_TRUE(read_leads(",,\n,,\n").failure.starts_with("no header row was found:"));
  const std::string picture("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1", 19);
  EXPECT_EQ(read_leads(picture).failure, "this is no text: export the leads as CSV (UTF-8), NDJSON or JSON");
  EXPECT_TRUE(read_leads("Email" + std::string(100000, ',') + "\na\n").failure.starts_with("the first row is longer"));
  EXPECT_TRUE(read_leads("Email" + std::string(2000, ',') + "\na\n").failure.starts_with("the header has more than 1000 columns"));
  EXPECT_TRUE(read_leads("x", "text/csv", {"e", "", "Mars/Base"}).failure.starts_with("\"Mars/Base\" is not a time zone"));
}

TEST(CsvLeads, MalformedUtf8IsScrubbed) {
  const auto all = read_leads("Email,Firma\na@b.example,Z\xC3\xBCrich K\xC3\xB6ln M\xFCnchen\n");
  EXPECT_EQ(all.field(0, "company"), "Zürich Köln M\xEF\xBF\xBDnchen");
}

}  // namespace
}  // namespace leadsync
