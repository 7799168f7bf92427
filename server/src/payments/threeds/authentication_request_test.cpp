#include "payments/threeds/authentication_request.h"

#include <gmock/gmock.h>

#include "payments/testing/authenticate_fixture.h"

namespace acquit::payments {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

class AuthenticationRequestTest : public AuthenticateFixture {
 protected:
  std::string areq_of(const NewPayment& payment) {
    (void)must(start(payment));
    return directory_.requests().back();
  }
  std::string areq_of_buyer(const Buyer& buyer) {
    NewPayment payment = request();
    payment.buyer = buyer;
    return areq_of(payment);
  }
};
ACQUIT_ON_BOTH_ENGINES(AuthenticationRequestTest);

TEST_P(AuthenticationRequestTest, TellsWhereBuyerAndResultsComeBackTo) {
  const std::string areq = areq_of(request());
  const std::string& id = latest().server_transaction_id;
  const std::string secret = results_address(env_->services().vault, kShop, id).secret;
  EXPECT_THAT(areq, HasSubstr(R"("notificationURL":")" + std::string(kChallengeDone) + '"'));
  EXPECT_THAT(areq, HasSubstr(R"("threeDSServerURL":"https://pay.example/results/69876357/)" + secret + '"'));
}

TEST_P(AuthenticationRequestTest, NamesASinglePaymentAsSuch) {
  const std::string areq = areq_of(request());
  EXPECT_THAT(areq, HasSubstr(R"("threeDSRequestorAuthenticationInd":"01")"));
  EXPECT_THAT(areq, HasSubstr(R"("purchaseAmount":"1000")"));
  EXPECT_THAT(areq, Not(HasSubstr("purchaseInstalData")));
  EXPECT_THAT(areq, Not(HasSubstr("recurring")));
}

TEST_P(AuthenticationRequestTest, TellsTheIssuerOfInstalments) {
  const struct {
    std::string plan;
    std::string count;
    std::string frequency;
    std::string last;
  } cases[] = {{"MULTI:first=334;count=3;period=30", "3", "30", "20260814"},
               {"MULTI_EXT:20260615=500;20260701=300;20260801=200", "3", "16", "20260801"}};
  for (const auto& row : cases) {
    NewPayment payment = request();
    payment.plan = Plan::parse(row.plan).value();
    const std::string areq = areq_of(payment);
    EXPECT_THAT(areq, HasSubstr(R"("threeDSRequestorAuthenticationInd":"03")"));
    EXPECT_THAT(areq, HasSubstr(R"("purchaseAmount":"1000")")) << "the whole of it";
    EXPECT_THAT(areq, HasSubstr(R"("purchaseInstalData":")" + row.count + "\""));
    EXPECT_THAT(areq, HasSubstr(R"("recurringFrequency":")" + row.frequency + "\""));
    EXPECT_THAT(areq, HasSubstr(R"("recurringExpiry":")" + row.last + "\""));
  }
}

TEST_P(AuthenticationRequestTest, SendsTelephoneNumbersInTheirInternationalForm) {
  const struct {
    Buyer buyer;
    std::string phone;
  } cases[] = {
      {{.phone = "01 02 03 04 05", .country = "FR"}, R"("homePhone":{"cc":"33","subscriber":"102030405"})"},
      {{.phone = "+49 89 123456", .country = "FR"}, R"("homePhone":{"cc":"49","subscriber":"89123456"})"},
      {{.phone = "00352 123456"}, R"("homePhone":{"cc":"352","subscriber":"123456"})"},
      {{.phone = "06 1234567", .country = "IT"}, R"("homePhone":{"cc":"39","subscriber":"061234567"})"},
      {{.cell_phone = "0601020304", .country = "FR"}, R"("mobilePhone":{"cc":"33","subscriber":"601020304"})"},
      {{.phone = "+33 (0)6 12 34 56 78"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"},
      {{.phone = "0033(0)612345678"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"},
      {{.phone = "+41 (0)22 123 45 67", .country = "FR"}, R"("homePhone":{"cc":"41","subscriber":"221234567"})"},
      {{.phone = "+39 06 1234567"}, R"("homePhone":{"cc":"39","subscriber":"061234567"})"},
      {{.phone = "33612345678", .country = "FR"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"},
      {{.phone = "33 (0)612345678", .country = "FR"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"},
      {{.phone = "34612345678", .country = "ES"}, R"("homePhone":{"cc":"34","subscriber":"612345678"})"},
      {{.phone = "12125550100", .country = "US"}, R"("homePhone":{"cc":"1","subscriber":"2125550100"})"},
      {{.phone = "352621123456", .country = "LU"}, R"("homePhone":{"cc":"352","subscriber":"621123456"})"},
      {{.phone = "331234567", .country = "FR"}, R"("homePhone":{"cc":"33","subscriber":"331234567"})"},
      {{.phone = "3912345678", .country = "IT"}, R"("homePhone":{"cc":"39","subscriber":"3912345678"})"},
      {{.phone = "0612345678 x12", .country = "FR"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"},
      {{.phone = "06 12 34 56 78 poste 12", .country = "FR"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"},
      {{.phone = "0612345678#12", .country = "FR"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"},
      {{.phone = "+33612345678;ext=12"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"},
      {{.phone = "Tel. 06 12 34 56 78", .country = "FR"}, R"("homePhone":{"cc":"33","subscriber":"612345678"})"}};
  for (const auto& row : cases) EXPECT_THAT(areq_of_buyer(row.buyer), HasSubstr(row.phone));
  for (const Buyer& buyer :
       {Buyer{.phone = "0102030405"}, Buyer{.phone = "none", .country = "FR"}, Buyer{.phone = "+33"}, Buyer{}})
    EXPECT_THAT(areq_of_buyer(buyer), Not(HasSubstr("Phone"))) << buyer.phone;
}

TEST_P(AuthenticationRequestTest, SendsBothAddresses) {
  const std::string areq = areq_of_buyer({.address = "1 rue Haute",
                                          .zip = "75001",
                                          .city = "Paris",
                                          .country = "FR",
                                          .shipping_address = "2 rue Basse",
                                          .shipping_address_2 = "Fond",
                                          .shipping_zip = "69001",
                                          .shipping_city = "Lyon",
                                          .shipping_country = "FR"});
  EXPECT_THAT(areq, HasSubstr(R"("billAddrCity":"Paris")"));
  EXPECT_THAT(areq, HasSubstr(R"("shipAddrCity":"Lyon")"));
  EXPECT_THAT(areq, HasSubstr(R"("shipAddrCountry":"250")"));
  EXPECT_THAT(areq, HasSubstr(R"("shipAddrLine1":"2 rue Basse")"));
  EXPECT_THAT(areq, HasSubstr(R"("shipAddrLine2":"Fond")"));
  EXPECT_THAT(areq, HasSubstr(R"("shipAddrPostCode":"69001")"));
  EXPECT_THAT(areq_of_buyer({.city = "Paris"}), Not(HasSubstr("shipAddr")));
}

TEST_P(AuthenticationRequestTest, LeavesTheRiskOfAnAmericanExpressCardWithTheMerchant) {
  const auto step = must(start(request(), "375900000000016"));
  ASSERT_TRUE(step.done);
  EXPECT_EQ(step.done->transaction.authentication.status, "Y");
  EXPECT_FALSE(step.done->transaction.authentication.liability_shift);
}

TEST(SchemeOf, TakesACardOfNoKnownSchemeForAPrivateOne) {
  EXPECT_EQ(scheme_of("CB"), threeds::Scheme::cb);
  EXPECT_EQ(scheme_of("VISA_ELECTRON"), threeds::Scheme::visa);
  EXPECT_EQ(scheme_of("AURORE"), threeds::Scheme::private_label);
}

}  // namespace
}  // namespace acquit::payments
