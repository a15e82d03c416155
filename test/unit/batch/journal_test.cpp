#include "journal_test_support.hpp"

#include <limits>

namespace {

using namespace vidi::batch;
using namespace vidi::batch::test;
using namespace std::chrono_literals;
using ends = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

result full_result()
{
    result full;
    full.status = "incomplete";
    full.text = std::string("图片里有一只猫。\n\"🐈\"\0end", 36);
    full.usage.emplace();
    full.usage->input_tokens = 1200;
    full.usage->output_tokens = 85;
    full.usage->total_tokens = 1285;
    full.usage->input_tokens_details.cached_tokens = 1024;
    full.usage->input_tokens_details.cache_write_tokens = 7;
    full.usage->output_tokens_details.reasoning_tokens = 64;
    full.usage->additional = {{"tier", "批"}};
    full.usage->input_tokens_details.additional = {{"audio_tokens", 0}};
    full.usage->output_tokens_details.additional = {{"x", boost::json::array{1, nullptr}}};
    full.failure = failure{"incomplete", "超出了上限", 200, "req_1", "max_output_tokens"};
    full.attempts = 3;
    full.possibly_billed = 2;
    full.interrupted = 1;
    full.duration = 123'456ms;
    full.completed = std::chrono::sys_time<std::chrono::milliseconds>{1'764'000'000'123ms};
    return full;
}

class journal_round_trip : public journal_test
{
protected:
    // What is read of it by a reader, by a resumed run, and in the order of the output.
    void expect_kept(origin const& origin, result const& result)
    {
        {
            auto const written = create();
            auto const stands = written->enter(origin, question_of(1));
            written->finish(stands.question, result);
            written->report(origin.position, 10);
        }
        EXPECT_EQ(read_all(file), (std::vector{read_item{origin, result}}));
        auto const resumed = resume();
        auto const stands = resumed->enter(origin, question_of(1));
        EXPECT_EQ(stands.result, result);
        EXPECT_TRUE(stands.reported);
        resumed->each_reported(
            [&](vidi::batch::origin const& o, vidi::batch::result const& r, auto end) {
                EXPECT_EQ(o, origin);
                EXPECT_EQ(r, result);
                EXPECT_EQ(end, 10U);
                return true;
            });
    }
};

TEST_F(journal_round_trip, every_member)
{
    expect_kept({7, boost::json::value("编号"), "图片/猫.jpg"}, full_result());
}

TEST_F(journal_round_trip, nothing_set) { expect_kept({1}, result{}); }

TEST_F(journal_round_trip, usage_and_failure_of_nothing)
{
    result result;
    result.usage.emplace();
    result.failure.emplace();
    expect_kept({1, boost::json::value("")}, result);
}

TEST_F(journal_round_trip, greatest_numbers)
{
    result result = full_result();
    result.attempts = result.possibly_billed = result.interrupted =
        std::numeric_limits<unsigned>::max();
    result.usage->input_tokens = std::numeric_limits<std::int64_t>::max();
    result.usage->output_tokens = std::numeric_limits<std::int64_t>::min();
    result.failure->http_status = std::numeric_limits<int>::min();
    result.duration = std::chrono::milliseconds::max();
    result.completed = std::chrono::sys_time<std::chrono::milliseconds>::min();
    expect_kept({std::numeric_limits<std::int64_t>::max()}, result);
}

TEST_F(journal_round_trip, a_name_that_is_not_utf_8)
{
    expect_kept({1, boost::json::value(), "caf\xe9.jpg"}, answer("x"));
}

class journal_id : public journal_round_trip, public ::testing::WithParamInterface<char const*>
{
};

TEST_P(journal_id, is_kept)
{
    expect_kept({1, boost::json::parse(GetParam()), "a.jpg"}, answer("x"));
    EXPECT_EQ(
        boost::json::serialize(read_all(file).front().first.id),
        boost::json::serialize(boost::json::parse(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(
    all, journal_id,
    ::testing::Values(
        "null", "0", "-5", "9223372036854775807", "18446744073709551615", "1.5", "1e300",
        R"("\u0000\"\\")", R"("null")", R"("")"));

TEST_F(journal_test, a_text_of_megabytes)
{
    std::string const text(5'000'000, 'x');
    auto const journal = create();
    journal->finish(journal->enter(item_at(1), question_of(1)).question, answer(text));
    EXPECT_EQ(read_all(file).front().second->text, text);
}

TEST_F(journal_test, keeps_its_job)
{
    create();
    EXPECT_EQ(journal_reader{file}.job(), "the job");
}

TEST_F(journal_test, a_new_question_is_begun)
{
    auto const journal = create();
    auto const stands = journal->enter(item_at(1), question_of(1));
    EXPECT_FALSE(stands.result);
    EXPECT_FALSE(stands.reported);
    EXPECT_EQ(stands.interrupted, 0U);
    EXPECT_EQ(journal->counts(), (journal_counts{1, 1, 0, 0, 1, 0, 0}));
}

TEST_F(journal_test, doubles_are_one_question)
{
    auto const journal = create();
    auto const first = journal->enter(item_at(1), question_of(1));
    auto const second = journal->enter(item_at(2), question_of(1));
    EXPECT_EQ(second.question, first.question);
    EXPECT_FALSE(second.result);
    EXPECT_EQ(second.interrupted, 0U);
    journal->finish(first.question, answer("cat"));
    journal->report(1, 10);

    auto const third = journal->enter(item_at(3), question_of(1));
    EXPECT_EQ(third.question, first.question);
    EXPECT_EQ(third.result, answer("cat"));
    EXPECT_FALSE(third.reported);
    EXPECT_NE(journal->enter(item_at(4), question_of(4)).question, first.question);
    EXPECT_EQ(journal->counts(), (journal_counts{4, 2, 1, 0, 1, 0, 0}));
    EXPECT_EQ(reported(*journal), (ends{{1, 10}}));
}

// More than the journal keeps in memory, and by a run after it that keeps none of them.
TEST_F(journal_test, every_question_is_found_again)
{
    constexpr unsigned number = 70'000;
    auto const enter = [](journal& to, unsigned which) {
        return to.enter({which + 1}, identify(std::to_string(which))).question;
    };
    auto written = create();
    written->begin();
    std::vector<std::int64_t> first;
    for (unsigned i = 0; i != number; ++i)
        first.push_back(enter(*written, i));
    for (unsigned i = 0; i != number; ++i)
        ASSERT_EQ(enter(*written, i), first[i]);
    written->commit();
    written.reset();
    auto const resumed = resume();
    resumed->begin();
    for (unsigned i = 0; i != number; ++i)
        ASSERT_EQ(enter(*resumed, i), first[i]);
    EXPECT_EQ(resumed->counts().questions, number);
}

TEST_F(journal_test, counts_are_those_that_a_reader_sees)
{
    auto const journal = create();
    result result = answer("cat");
    result.usage.emplace();
    result.usage->input_tokens = 10;
    result.usage->output_tokens = 3;
    for (std::uint64_t i = 1; i <= 4; ++i) {
        auto const question = journal->enter(item_at(i), question_of(i)).question;
        if (i <= 2)
            journal->finish(question, result);
        else if (i == 3)
            journal->finish(question, failed("refused"));
    }
    EXPECT_EQ(journal->counts(), (journal_counts{4, 4, 2, 1, 1, 20, 6}));
    EXPECT_EQ(journal_reader{file}.counts(), journal->counts());
}

TEST_F(journal_test, what_a_server_claims_to_bill_does_not_overflow)
{
    auto const journal = create();
    result result = failed("failed");
    result.usage.emplace();
    result.usage->input_tokens = std::numeric_limits<std::int64_t>::max();
    result.usage->output_tokens = std::numeric_limits<std::int64_t>::min();
    for (std::uint64_t i = 1; i <= 3; ++i)
        journal->finish(journal->enter(item_at(i), question_of(i)).question, result);
    EXPECT_EQ(journal->counts().input_tokens, std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(journal->counts().output_tokens, 0);
    EXPECT_EQ(journal->reopen_failed(), 3U);
    EXPECT_EQ(journal->counts().output_tokens, 0);
}

TEST_F(journal_test, resumed_it_knows_what_was_done)
{
    {
        auto const journal = create();
        journal->begin();
        auto const first = journal->enter(item_at(1), question_of(1)).question;
        auto const second = journal->enter(item_at(2), question_of(2)).question;
        journal->enter(item_at(3), question_of(3));
        journal->finish(first, answer("cat"));
        journal->finish(second, failed("refused"));
        journal->report(1, 10);
        journal->commit();
    }
    auto const journal = resume();
    EXPECT_EQ(journal->counts(), (journal_counts{3, 3, 1, 1, 0, 0, 0}));
    auto const first = journal->enter(item_at(1), question_of(1));
    EXPECT_EQ(first.result, answer("cat"));
    EXPECT_TRUE(first.reported);
    auto const second = journal->enter(item_at(2), question_of(2));
    EXPECT_EQ(second.result, failed("refused"));
    EXPECT_FALSE(second.reported);
    EXPECT_FALSE(journal->enter(item_at(3), question_of(3)).result);
    EXPECT_EQ(journal->counts(), (journal_counts{3, 3, 1, 1, 1, 0, 0}));
}

TEST_F(journal_test, what_was_in_flight_counts_each_run_that_ended)
{
    create()->enter(item_at(1), question_of(1));
    for (unsigned run = 1; run <= 3; ++run) {
        auto const journal = resume();
        EXPECT_EQ(journal->enter(item_at(1), question_of(1)).interrupted, run);
        // Its double does not count again.
        EXPECT_EQ(journal->enter(item_at(2), question_of(1)).interrupted, run);
        EXPECT_EQ(journal->counts().in_flight, 1U);
    }
}

TEST_F(journal_test, what_was_forgotten_was_not_in_flight)
{
    {
        auto const journal = create();
        journal->forget(journal->enter(item_at(1), question_of(1)).question);
        EXPECT_EQ(journal->counts(), (journal_counts{1, 1, 0, 0, 0, 0, 0}));
    }
    auto const journal = resume();
    auto const stands = journal->enter(item_at(1), question_of(1));
    EXPECT_EQ(stands.interrupted, 0U);
    EXPECT_FALSE(stands.result);
    EXPECT_EQ(journal->counts(), (journal_counts{1, 1, 0, 0, 1, 0, 0}));
    journal->finish(stands.question, answer("cat"));
    EXPECT_EQ(journal->counts(), (journal_counts{1, 1, 1, 0, 0, 0, 0}));
}

TEST_F(journal_test, forgetting_keeps_earlier_interruptions)
{
    create()->enter(item_at(1), question_of(1));
    {
        auto const journal = resume();
        journal->forget(journal->enter(item_at(1), question_of(1)).question);
    }
    EXPECT_EQ(resume()->enter(item_at(1), question_of(1)).interrupted, 1U);
}

TEST_F(journal_test, reopened_failures_are_asked_again)
{
    {
        auto const journal = create();
        for (std::uint64_t i = 1; i <= 3; ++i) {
            auto const question = journal->enter(item_at(i), question_of(i)).question;
            result done = i == 2 ? failed("server_error") : answer("cat");
            done.usage.emplace();
            done.usage->input_tokens = 10;
            journal->finish(question, done);
            journal->report(i, i * 10);
        }
        journal->enter(item_at(4), question_of(2));
        journal->report(4, 40);
    }
    auto const journal = resume();
    EXPECT_EQ(journal->reopen_failed(), 1U);
    EXPECT_EQ(journal->reopen_failed(), 0U);
    EXPECT_EQ(journal->counts(), (journal_counts{4, 3, 2, 0, 0, 20, 0}));
    EXPECT_EQ(reported(*journal), (ends{{1, 10}, {3, 30}}));
    for (std::uint64_t const position : {2U, 4U}) {
        auto const stands = journal->enter(item_at(position), question_of(2));
        EXPECT_FALSE(stands.result);
        EXPECT_FALSE(stands.reported);
        EXPECT_EQ(stands.interrupted, 0U);
    }
    auto const question = journal->enter(item_at(2), question_of(2)).question;
    journal->finish(question, answer("dog"));
    EXPECT_EQ(journal->enter(item_at(4), question_of(2)).result, answer("dog"));
    EXPECT_TRUE(journal->enter(item_at(1), question_of(1)).reported);
}

TEST_F(journal_test, other_content_at_a_position_replaces_the_item)
{
    {
        auto const journal = create();
        for (std::uint64_t i = 1; i <= 4; ++i) {
            journal->finish(
                journal->enter(item_at(i), question_of(i)).question, answer(std::to_string(i)));
            journal->report(i, i * 10);
        }
    }
    auto const journal = resume();
    origin other_id = item_at(1);
    other_id.id = 1;
    origin other_image = item_at(2);
    other_image.image = "other.jpg";
    EXPECT_FALSE(journal->enter(other_id, question_of(1)).reported);
    EXPECT_EQ(journal->enter(other_image, question_of(2)).result, answer("2"));
    EXPECT_FALSE(journal->enter(item_at(3), question_of(30)).result);
    EXPECT_EQ(reported(*journal), (ends{{4, 40}}));
    EXPECT_EQ(journal->counts(), (journal_counts{4, 5, 4, 0, 1, 0, 0}));
    auto const items = read_all(file);
    EXPECT_EQ(items[0].first, other_id);
    EXPECT_EQ(items[1].first, other_image);
    EXPECT_FALSE(items[2].second);
}

TEST_F(journal_test, output_is_settled_at_every_byte)
{
    // The order of the output is not that of the items.
    std::map<std::uint64_t, std::uint64_t> const ends_of = {{3, 5}, {1, 12}, {2, 13}, {4, 20}};
    {
        auto const journal = create();
        for (auto const& [position, end] : ends_of) {
            journal->finish(
                journal->enter(item_at(position), question_of(position)).question, answer("x"));
            journal->report(position, end);
        }
    }
    EXPECT_EQ(reported(*resume()), (ends{{3, 5}, {1, 12}, {2, 13}, {4, 20}}));
    for (std::uint64_t size = 25; size-- > 0;) {
        auto const journal = resume();
        std::uint64_t last = 0;
        for (auto const& [position, end] : ends_of)
            last = end <= size ? std::max(last, end) : last;
        EXPECT_EQ(journal->settle_output(size), last) << size;
        for (auto const& [position, end] : ends_of) {
            auto const stands = journal->enter(item_at(position), question_of(position));
            EXPECT_EQ(stands.reported, end <= size) << size << ", item " << position;
            EXPECT_TRUE(stands.result);
        }
    }
}

TEST_F(journal_test, items_reported_are_visited_until_enough)
{
    auto const journal = create();
    for (std::uint64_t i = 1; i <= 3; ++i) {
        journal->finish(journal->enter(item_at(i), question_of(i)).question, answer("x"));
        journal->report(i, i);
    }
    int visited = 0;
    journal->each_reported([&](auto const&, auto const&, auto) { return ++visited < 2; });
    EXPECT_EQ(visited, 2);
    EXPECT_THROW(
        journal->each_reported([](auto const&, auto const&, auto) -> bool { throw 1; }), int);
    EXPECT_EQ(reported(*journal).size(), 3U) << "what the caller throws does no harm";
}

TEST_F(journal_test, ends_may_be_changed_while_visited)
{
    auto const journal = create();
    for (std::uint64_t i = 1; i <= 200; ++i) {
        journal->finish(journal->enter(item_at(i), question_of(i)).question, answer("x"));
        journal->report(i, i * 10);
    }
    journal->begin();
    std::uint64_t visited = 0;
    journal->each_reported([&](origin const& origin, auto const&, std::uint64_t end) {
        EXPECT_EQ(end, ++visited * 10);
        journal->report(origin.position, end * 100);
        return true;
    });
    journal->commit();
    EXPECT_EQ(visited, 200U);
    EXPECT_EQ(journal->settle_output(1000), 1000U);
}

TEST_F(journal_test, a_reader_reads_all_items_by_position)
{
    auto const journal = create();
    journal->begin();
    for (std::uint64_t i = 1000; i > 0; --i)
        journal->enter(item_at(i), question_of(i % 7));
    journal->commit();
    auto const items = read_all(file);
    ASSERT_EQ(items.size(), 1000U);
    for (std::uint64_t i = 0; i < items.size(); ++i)
        EXPECT_EQ(items[i].first, item_at(i + 1));
    int visited = 0;
    journal_reader{file}.each([&](auto const&, auto const*) { return ++visited < 70; });
    EXPECT_EQ(visited, 70);
}

TEST_F(journal_test, what_is_not_committed_is_not_seen_and_undone)
{
    {
        auto const journal = create();
        journal->enter(item_at(1), question_of(1));
        journal->begin();
        journal->finish(journal->enter(item_at(2), question_of(2)).question, answer("x"));
        EXPECT_EQ(read_all(file).size(), 1U);
        EXPECT_EQ(journal_reader{file}.counts().items, 1U);
        EXPECT_EQ(journal->counts().items, 2U);
    }
    EXPECT_EQ(resume()->counts(), (journal_counts{1, 1, 0, 0, 0, 0, 0}));
    EXPECT_EQ(read_all(file).size(), 1U);
}

TEST_F(journal_test, leaves_one_file)
{
    create()->enter(item_at(1), question_of(1));
    read_all(file);
    std::vector<std::string> names;
    for (auto const& entry : std::filesystem::directory_iterator{directory.path()})
        names.push_back(entry.path().filename());
    EXPECT_EQ(names, std::vector<std::string>{"answers.journal"});
}

TEST_F(journal_test, a_caller_that_is_wrong_is_told)
{
    EXPECT_THROW(create()->commit(), std::logic_error);
    EXPECT_THROW(resume()->finish(1, answer("x")), std::logic_error);
    EXPECT_THROW(resume()->forget(1), std::logic_error);
    EXPECT_THROW(resume()->report(1, 1), std::logic_error);
    auto const journal = resume();
    journal->begin();
    EXPECT_THROW(journal->begin(), std::logic_error);
}

TEST_F(journal_test, a_result_is_given_once)
{
    auto const journal = create();
    auto const question = journal->enter(item_at(1), question_of(1)).question;
    journal->finish(question, answer("first"));
    EXPECT_THROW(journal->finish(question, answer("second")), std::logic_error);
    EXPECT_EQ(read_all(file).front().second, answer("first"));
}

} // namespace
