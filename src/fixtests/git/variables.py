"""The variables of the environment that lead git elsewhere, or have it print something else."""

# What git reads beside its configuration, and what changes how it prints.
MISLEADING = (
    *("GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF", "GIT_NAMESPACE", "GIT_PREFIX"),
    *("GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_LITERAL_PATHSPECS"),
    "GIT_NOGLOB_PATHSPECS",
)
# Where a repository is: those of the caller may mean another one.
PLACES = ("GIT_COMMON_DIR", "GIT_DIR", "GIT_IMPLICIT_WORK_TREE", "GIT_WORK_TREE")
# What holds for the caller's own repository: a hook finds what is to be committed there.
OF_HOOKS = ("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
