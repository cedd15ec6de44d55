%% A gen_server that does what requests tell it: the counterpart of server.py.
-module(server).
-behaviour(gen_server).
-export([start_link/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, handle_continue/2, terminate/2]).

%% `last` is what terminate does. The word `own` in the dictionary says that the server chose its end itself.
-record(state, {key, last}).

start_link(Argument) ->
    gen_server:start_link(?MODULE, Argument, []).

%% Plan says how each start goes, the first first; when it is used up, starts go well.
init({Key, {Trap, Plan, Last}}) ->
    process_flag(trap_exit, Trap),
    world:tell(Key, server),
    Start = world:count(Key),
    log(Key, {init, Start}),
    start(lists:nthtail(min(Start, length(Plan)), Plan), #state{key = Key, last = Last}).

start([ignore | _], _) -> ignore;
start([junk | _], _) -> 42;
start([crash | _], _) -> error(boom);
start([{exit, Reason} | _], _) -> exit(Reason);
start([{stop, Reason} | _], _) -> {stop, Reason};
start([{continue, Script} | _], State) -> {ok, State, {continue, Script}};
start(_, State) -> {ok, State}.

handle_call(Script, From, State) ->
    log(State#state.key, {call, Script}),
    call(Script, From, State).

call({reply, Value}, _, State) -> {reply, Value, State};
call({reply, Value, {continue, Script}}, _, State) -> {reply, Value, State, {continue, Script}};
call({reply, Value, timeout}, _, State) -> {reply, Value, State, 0};
call({stop, Reason, Value}, _, State) -> put(own, true), {stop, Reason, Value, State};
call({do, Op}, _, State) -> {reply, actor:perform(Op), State};
call(keep, From, State) -> world:keep(From), {noreply, State};
call(Script, _, State) -> act(Script, State).

handle_cast(Script, State) ->
    log(State#state.key, {cast, Script}),
    act(Script, State).

handle_info({script, Script}, State) ->
    log(State#state.key, {info, Script}),
    act(Script, State);
handle_info(Message, State) ->
    log(State#state.key, {info, canon:message(Message)}),
    {noreply, State}.

handle_continue(Script, State) ->
    log(State#state.key, {continue, Script}),
    act(Script, State).

act(nothing, State) -> {noreply, State};
act(timeout, State) -> {noreply, State, 0};
act(junk, _) -> 42;
act(crash, _) -> error(boom);
act({exit, Reason}, _) -> put(own, true), exit(Reason);
act({stop, Reason}, State) -> put(own, true), {stop, Reason, State};
act({continue, Script}, State) -> {noreply, State, {continue, Script}};
act({do, Op}, State) -> log(State#state.key, actor:perform(Op)), {noreply, State}.

terminate(Reason, #state{key = Key, last = Last}) ->
    log(Key, {terminate, canon:term(Reason)}),
    last(Last, Reason, get(own)).

last(crash, _, _) ->
    error(boom);
last({exit, Reason}, _, _) ->
    exit(Reason);
last(hang, shutdown, undefined) ->  % until the supervisor loses its patience
    driver ! {waits, self()},
    receive after infinity -> ok end;
last(_, _, _) ->
    ok.

log(Key, What) ->
    driver ! {log, Key, What}.
