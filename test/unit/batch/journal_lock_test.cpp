#include "journal_test_support.hpp"

#include <csignal>
#include <cstring>

namespace {

using namespace vidi::batch;
using namespace vidi::batch::test;

class journal_lock : public journal_test
{
protected:
    // What opening it says in another process.
    std::string error_elsewhere()
    {
        auto const said = directory / "said";
        status_of_child([&] { std::ofstream{said} << error_of([&] { resume(); }); });
        std::string text;
        std::getline(std::ifstream{said}, text);
        return text;
    }
};

TEST_F(journal_lock, another_process_is_refused_and_told_the_pid)
{
    auto const held = create();
    auto const error = error_elsewhere();
    EXPECT_NE(error.find("process " + std::to_string(getpid())), std::string::npos) << error;
    EXPECT_NE(error.find(file.string()), std::string::npos) << error;
}

TEST_F(journal_lock, this_process_is_refused_too)
{
    auto const held = create();
    EXPECT_NE(error_of([&] { resume(); }), "");
    EXPECT_NE(error_of([&] { create(); }), "");
    EXPECT_NE(error_elsewhere(), "") << "the refusal did not release the lock";
    held->enter(item_at(1), question_of(1));
}

TEST_F(journal_lock, by_another_name_it_is_the_same)
{
    auto const held = create();
    std::filesystem::create_symlink(file, directory / "link");
    for (auto const& name : {directory / "link", directory.path() / "." / "answers.journal"})
        EXPECT_NE(
            error_of([&] {
                journal{name, journal_mode::resume, "the job"};
            }).find("in use"),
            std::string::npos)
            << name;
}

TEST_F(journal_lock, readers_do_not_release_it)
{
    auto const held = create();
    held->enter(item_at(1), question_of(1));
    read_all(file);
    std::string ignored;
    std::getline(std::ifstream{file}, ignored);
    EXPECT_NE(error_elsewhere(), "");
}

TEST_F(journal_lock, it_is_released_with_the_journal)
{
    create();
    EXPECT_EQ(error_elsewhere(), "");
    EXPECT_EQ(error_of([&] { resume(); }), "");
}

TEST_F(journal_lock, it_is_released_by_a_failure_to_open)
{
    create();
    EXPECT_NE(error_of([&] { journal{file, journal_mode::resume, "another job"}; }), "");
    EXPECT_NE(error_of([&] { create(); }), "");
    EXPECT_EQ(error_of([&] { resume(); }), "");
}

TEST_F(journal_lock, one_that_was_killed_leaves_none)
{
    EXPECT_EQ(
        WTERMSIG(status_of_child([&] {
            auto const held = create();
            std::raise(SIGKILL);
        })),
        SIGKILL);
    EXPECT_TRUE(std::filesystem::exists(file.string() + "-lock"));
    EXPECT_EQ(error_of([&] { resume(); }), "");
    EXPECT_FALSE(std::filesystem::exists(file.string() + "-lock"));
}

TEST_F(journal_lock, a_child_that_ends_does_not_release_it)
{
    auto held = create();
    status_of_child([&] { held.reset(); });
    EXPECT_NE(error_elsewhere(), "");
}

TEST_F(journal_lock, of_many_processes_one_gets_it)
{
    create();
    auto const report = directory / "report";
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i)
        if (children.push_back(fork()); children.back() == 0) {
            for (int round = 0; round < 50; ++round)
                try {
                    auto const held = resume();
                    // Nobody else is in here.
                    auto const name = directory / "inside";
                    if (!std::filesystem::create_directory(name))
                        _exit(1);
                    std::filesystem::remove(name);
                }
                catch (journal_error const& e) {
                    if (!std::strstr(e.what(), "in use"))
                        _exit(2);
                }
            _exit(0);
        }
    for (pid_t const child : children) {
        int status = -1;
        waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
}

} // namespace
