#include "faults/reconciliation.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace {

using namespace vidi_soak;

std::string
served(std::string const& id, bool executed, bool complete, std::string const& fault = "null")
{
    return R"({"client_request_id":")" + id + R"(","executed":)" + (executed ? "true" : "false") +
           R"(,"complete":)" + (complete ? "true" : "false") + R"(,"fault":)" + fault + "}\n";
}

std::vector<std::string>
complaints_about(std::vector<outcome> const& outcomes, std::string const& ledger)
{
    std::stringstream told;
    for (auto const& outcome : outcomes)
        told << to_line(outcome) << '\n';
    std::istringstream lines{ledger};
    reconciliation books;
    books.read_outcomes(told);
    books.read_ledger(lines);
    return books.complaints();
}

using list = std::vector<std::string>;

TEST(reconciliation, knows_the_ids_of_attempts)
{
    EXPECT_EQ(number_of(request_id(17)), 17u);
    EXPECT_EQ(number_of(request_id(17) + "-2"), 17u);
    EXPECT_EQ(number_of("soak-17x"), std::nullopt);
    EXPECT_EQ(number_of("soak-"), std::nullopt);
    EXPECT_EQ(number_of("another"), std::nullopt);
}

TEST(reconciliation, has_no_complaint_if_all_agrees)
{
    EXPECT_EQ(
        complaints_about(
            {{.number = 1, .attempts = 1},
             {.number = 2, .attempts = 2, .possibly_billed = 1},
             {.number = 3, .failure = "server_error", .attempts = 1},
             {.number = 4, .failure = "connection_refused"}},
            served("soak-1", true, true) + served("soak-2-1", true, false, "\"reset_in_body\"") +
                served("soak-2-2", true, true) + served("soak-3", false, true, "\"status_500\"")),
        list{});
}

TEST(reconciliation, complains_of_each_disagreement)
{
    EXPECT_EQ(
        complaints_about(
            {{.number = 1, .attempts = 1}, {.number = 1, .attempts = 1}},
            served("soak-1", true, true)),
        list{"1 outcomes of requests that had one"});
    EXPECT_EQ(
        complaints_about({}, served("curl", true, true)),
        list{"1 requests in the ledger that nobody sent"});
    EXPECT_EQ(
        complaints_about({}, served("soak-1", true, true)),
        list{"soak-1: the server knows it, and no outcome was told"});
    EXPECT_EQ(
        complaints_about(
            {{.number = 1, .attempts = 1}},
            served("soak-1-1", false, true, "\"status_500\"") + served("soak-1-2", true, true)),
        list{"soak-1: the server saw 2 attempts, the client made 1"});
    EXPECT_EQ(
        complaints_about({{.number = 1, .attempts = 1}}, ""),
        (list{
            "soak-1: it succeeded, and the server never executed it",
            "1 attempts never reached the server, and 0 faults do not explain that"}));
    EXPECT_EQ(
        complaints_about(
            {{.number = 1, .failure = "rate_limited", .attempts = 1}},
            served("soak-1", true, true)),
        list{"soak-1: it failed (rate_limited), and the server answered it"});
    EXPECT_EQ(
        complaints_about(
            {{.number = 1, .attempts = 2}},
            served("soak-1", true, true) + served("soak-1", true, true)),
        list{"soak-1: it was asked again though it had been answered"});
    EXPECT_EQ(
        complaints_about(
            {{.number = 1, .attempts = 2, .possibly_billed = 0}},
            served("soak-1", true, false, "\"drip\"") + served("soak-1", true, true)),
        list{"soak-1: 1 answers were lost, and only 0 of them counted"});
    EXPECT_EQ(
        complaints_about(
            {{.number = 1, .failure = "connect_timeout", .attempts = 1},
             {.number = 2, .failure = "server_error", .attempts = 2}},
            served("soak-2", false, true, "\"status_500\"")),
        list{"2 attempts never reached the server, and 1 faults do not explain that"});
}

} // namespace
