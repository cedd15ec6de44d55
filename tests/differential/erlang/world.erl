%% Who is who in the scenario that is being played: a public table of keys, pids and references.
%%
%% Actors and servers that actors start are numbered in the order of their starts; what a supervisor starts
%% has the id of its child specification. A key stands for the latest process that was given it.
-module(world).
-export([create/0, destroy/0, next_key/0, give/2, tell/2, born/3, died/1, living/0, who/1, target/1]).
-export([new_ref/1, ref/2, number/1, count/1, keep/1, kept/1]).

create() ->
    ets:new(?MODULE, [named_table, public]).

destroy() ->
    ets:delete(?MODULE).

next_key() ->
    ets:update_counter(?MODULE, next_key, 1, {next_key, -1}).

%% The process that a key stands for from now on.
give(Key, Pid) ->
    ets:insert(?MODULE, [{{key, Key}, Pid}, {{who, Pid}, Key, unborn}]).

%% Said by a process of itself before it does anything: from now on its end will be seen.
tell(Key, Kind) ->
    give(Key, self()),
    driver ! {born, self(), Key, Kind},
    receive known -> ok end.

born(Pid, Key, Kind) ->
    ets:insert(?MODULE, {{who, Pid}, Key, Kind}).

died(Pid) ->
    ets:update_element(?MODULE, {who, Pid}, {3, dead}).

living() ->
    Known = ets:match(?MODULE, {{who, '$1'}, '$2', '$3'}),
    lists:sort([{Key, Kind, Pid} || [Pid, Key, Kind] <- Known, Kind =/= dead, Kind =/= unborn]).

who(Pid) ->
    case ets:lookup(?MODULE, {who, Pid}) of
        [{_, Key, Kind}] -> {Key, Kind};
        [] -> {stranger, stranger}
    end.

%% Names stand for themselves, keys for pids.
target(Name) when Name =:= x; Name =:= y; Name =:= z ->
    Name;
target(Key) ->
    case ets:lookup(?MODULE, {key, Key}) of
        [{_, Pid}] -> Pid;
        [] -> throw(nobody)
    end.

%% References are numbered by each process that makes them; one that was not made is like one that is spent.
new_ref(Ref) ->
    {Key, _} = who(self()),
    Number = count({refs, Key}),
    ets:insert(?MODULE, [{{ref, Key, Number}, Ref}, {{number, Ref}, Number}]),
    Number.

ref(Key, Number) ->
    case ets:lookup(?MODULE, {ref, Key, Number}) of
        [{_, Ref}] -> Ref;
        [] -> make_ref()
    end.

number(Ref) ->
    case ets:lookup(?MODULE, {number, Ref}) of
        [{_, Number}] -> Number;
        [] -> stranger
    end.

%% How often a key was counted before.
count(Key) ->
    ets:update_counter(?MODULE, {count, Key}, 1, {{count, Key}, -1}).

%% Callers that a server left unanswered, for anybody to answer later.
keep(Caller) ->
    ets:insert(?MODULE, {{kept, count(kept)}, Caller}).

kept(Number) ->
    case ets:lookup(?MODULE, {kept, Number}) of
        [{_, Caller}] -> Caller;
        [] -> throw(nobody)
    end.
