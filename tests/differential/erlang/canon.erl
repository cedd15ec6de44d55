%% The form of terms in which both runtimes can be compared.
-module(canon).
-export([term/1, message/1]).

%% Processes by their keys; the reasons of ends without what names code of the library or lines of a file.
term(Pid) when is_pid(Pid) ->
    element(1, world:who(Pid));
term({noproc, [{_, _, _, Place} | _]}) when is_list(Place) ->
    noproc;  % a failed link: the package ends the process with the bare word
term({_, [{_, _, _, Place} | _]}) when is_list(Place) ->
    crash;  % an error with its stack is a Crash
term({Reason, {Module, _, Args}}) when
    is_list(Args), (Module =:= gen_server orelse Module =:= sys orelse Module =:= proc_lib)
->
    term(Reason);  % a failed call: the package ends the caller with the bare reason
term(Tuple) when is_tuple(Tuple) ->
    list_to_tuple(term(tuple_to_list(Tuple)));
term(List) when is_list(List) ->
    [term(Item) || Item <- List];
term(Term) ->
    Term.

message({'EXIT', Pid, Reason}) -> {'EXIT', term(Pid), term(Reason)};
message({'DOWN', Ref, process, Who, Reason}) -> {'DOWN', who(Who), world:number(Ref), term(Reason)};
message({'$gen_call', {Pid, _}, Request}) -> {call, term(Pid), Request};
message({'$gen_cast', Request}) -> {cast, Request};
message(Message) -> Message.

who({Name, _Node}) -> [Name];
who(Pid) -> term(Pid).
