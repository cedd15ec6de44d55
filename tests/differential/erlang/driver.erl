%% Plays scenarios that come as terms on standard input, and answers each with one line of JSON.
%%
%% One scheduler runs everything (erl +S 1:1). So when the driver runs and counts no other active task, the
%% system has settled: nothing more happens without a new step, except by a timer that somebody told us of.
%% What would take a process away from the scheduler is done before: its code is loaded (see otp.py), and the
%% logger knows by heart that it has nothing to say about the modules that would.
-module(driver).
-export([main/0]).

-record(seen, {results = [], log = [], ended = [], busy = [], waiting = []}).

main() ->
    ok = logger:set_primary_config(level, none),
    [false = logger:allow(error, Module) || Module <- [gen_server, supervisor, proc_lib]],
    true = register(driver, self()),
    serve().

serve() ->
    case io:read(standard_io, '') of
        {ok, Scenario} ->
            io:put_chars([json(play(Scenario)), $\n]),
            serve();
        eof ->
            halt()
    end.

play(Steps) ->
    world:create(),
    [spawn(actor, init, [world:next_key(), false, lives]) || _ <- lists:seq(0, 4)],
    {Outcomes, Seen} = lists:mapfoldl(fun step/2, settle(#seen{}), Steps),
    finish(Seen),
    Outcomes.

%% Nothing of a scenario outlives it.
finish(Seen) ->
    case world:living() of
        [] ->
            world:destroy();
        Living ->
            [exit(Pid, kill) || {_, _, Pid} <- Living],
            finish(settle(Seen))
    end.

%% The mark in all mailboxes tells what came in this step from what comes later.
step({Key, Ops}, Before) ->
    After = settle(order(Key, Ops, Before#seen{results = [], log = [], ended = []})),
    Outcome = observe(After),
    [Pid ! step || {_, actor, Pid} <- world:living()],
    {Outcome, settle(After)}.

%% A step for somebody who is dead, or in the middle of a call, is nobody's.
order(Key, Ops, #seen{busy = Busy} = Seen) ->
    case [Pid || {K, actor, Pid} <- world:living(), K =:= Key, not lists:member(Key, Busy)] of
        [Pid] ->
            Pid ! {do, Ops},
            Seen#seen{busy = [Key | Busy]};
        [] ->
            Seen
    end.

settle(#seen{waiting = Waiting} = Seen) ->
    Active = erlang:statistics(total_active_tasks_all),
    receive
        Message -> settle(hear(Message, Seen))
    after if Active =:= 1, Waiting =/= [] -> infinity; true -> 0 end ->
        if Active =:= 1 -> Seen; true -> erlang:yield(), settle(Seen) end
    end.

hear({born, Pid, Key, Kind}, Seen) ->
    world:born(Pid, Key, Kind),
    monitor(process, Pid),
    Pid ! known,
    Seen;
hear({result, Key, Result}, Seen) ->
    Seen#seen{results = Seen#seen.results ++ [{Key, Result}]};
hear({done, Key}, Seen) ->
    Seen#seen{busy = lists:delete(Key, Seen#seen.busy)};
hear({log, Key, What}, Seen) ->
    Seen#seen{log = Seen#seen.log ++ [{Key, What}]};
hear({waits, Pid}, Seen) ->
    Seen#seen{waiting = [Pid | Seen#seen.waiting]};
hear({waited, Pid}, Seen) ->
    Seen#seen{waiting = lists:delete(Pid, Seen#seen.waiting)};
hear({'DOWN', _, process, Pid, Reason}, Seen) ->
    {Key, _} = world:who(Pid),
    world:died(Pid),
    hear({waited, Pid}, Seen#seen{
        ended = [{Key, canon:term(Reason)} | Seen#seen.ended],
        busy = lists:delete(Key, Seen#seen.busy)
    }).

%% What can be seen from outside when nothing moves. Mailboxes are compared for actors alone: what a busy
%% server has in its mailbox are requests in the form of its library.
observe(#seen{busy = Busy} = Seen) ->
    Living = world:living(),
    [
        {results, Seen#seen.results},
        {log, Seen#seen.log},
        {ended, lists:sort(Seen#seen.ended)},
        {busy, lists:sort(Busy)},
        {links, [{Key, links(Pid)} || {Key, _, Pid} <- Living]},
        {watches, [{Key, watches(Pid)} || {Key, actor, Pid} <- Living, not lists:member(Key, Busy)]},
        {inbox, [{Key, inbox(Pid)} || {Key, actor, Pid} <- Living]},
        {names, [{Name, canon:term(whereis(Name))} || Name <- [x, y, z]]},
        {trees, [{Key, children(Pid)} || {Key, supervisor, Pid} <- Living]}
    ].

links(Pid) ->
    {links, Links} = process_info(Pid, links),
    lists:sort([canon:term(Link) || Link <- Links]).

watches(Pid) ->
    {monitors, Monitors} = process_info(Pid, monitors),
    length(Monitors).

inbox(Pid) ->
    {messages, Messages} = process_info(Pid, messages),
    [canon:message(Message) || Message <- Messages].

children(Pid) ->
    [{Id, canon:term(Child)} || {Id, Child, _, _} <- supervisor:which_children(Pid)].

%% Tuples and lists are arrays, atoms are strings: all that scenarios need.
json(Term) when is_boolean(Term) -> atom_to_list(Term);
json(Term) when is_atom(Term) -> [$", atom_to_list(Term), $"];
json(Term) when is_integer(Term) -> integer_to_list(Term);
json(Term) when is_tuple(Term) -> json(tuple_to_list(Term));
json(Term) when is_list(Term) -> [$[, lists:join($,, [json(Item) || Item <- Term]), $]].
